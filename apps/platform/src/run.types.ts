import type { RunRecord } from '@haat/data-access';
import { Access, connectionOf, JsonObjectScalar, type JsonObject } from '@haat/platform';
import { Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';

export enum RunState {
  queued = 'queued',
  running = 'running',
  completed = 'completed',
  failed = 'failed',
  cancelled = 'cancelled',
}
registerEnumType(RunState, { name: 'RunState' });

@ObjectType({ description: 'Where a run is.' })
export class RunProgress {
  @Field(() => String)
  step!: string;

  @Field(() => Float, { nullable: true, description: 'Share of the step that is done, in [0, 1], where known.' })
  fraction!: number | null;

  @Field(() => String, { nullable: true })
  message!: string | null;
}

@ObjectType()
export class RunStep {
  @Field(() => String)
  step!: string;

  @Field(() => Date)
  startedAt!: Date;

  @Field(() => Date, { nullable: true, description: 'Null while it lasts.' })
  finishedAt!: Date | null;
}

@ObjectType({ description: 'Why a run did not complete.' })
export class RunError {
  @Field(() => String)
  code!: string;

  @Field(() => String)
  message!: string;
}

@ObjectType({ description: 'One run of a workflow, such as a training.' })
@Access('reader', { of: 'model' })
export class Run {
  @Field(() => ID, { description: "The workflow's id in Temporal." })
  id!: string;

  @Field(() => String, { description: 'Name of the model that it works on.' })
  model!: string;

  @Field(() => String)
  kind!: string;

  @Field(() => RunState)
  state!: RunState;

  @Field(() => JsonObjectScalar)
  options!: JsonObject;

  @Field(() => Date)
  startedAt!: Date;

  @Field(() => Date, { nullable: true })
  endedAt!: Date | null;

  @Field(() => RunProgress, { nullable: true, description: 'Null until the first step begins.' })
  progress!: RunProgress | null;

  @Field(() => [RunStep])
  steps!: RunStep[];

  @Field(() => RunError, { nullable: true })
  error!: RunError | null;

  @Field(() => Boolean, { description: 'Whether what it trained was promoted by it.' })
  promoted!: boolean;

  @Field(() => String, {
    nullable: true,
    description:
      "How a completed training ended: 'promoted', 'not-asked', 'gates-not-passed', 'rejected' or 'expired' (nobody answered in time).",
  })
  promotion!: string | null;

  metricValues!: Readonly<Record<string, number>> | null;
  versionRef!: { readonly model: string; readonly version: number } | null;
}

export const RunConnection = connectionOf(Run, 'Run');

@InputType()
export class TrainModelInput {
  @Field(() => ID, { description: '`<domain>/<model>`.' })
  model!: string;

  @Field(() => JsonObjectScalar, {
    nullable: true,
    description: "The model's own options; `Model.options` is their schema.",
  })
  options?: JsonObject | null;

  @Field(() => Int, { nullable: true })
  seed?: number | null;

  @Field(() => Date, { nullable: true, description: 'Nothing later (event time) is learned from; now where absent.' })
  asOf?: Date | null;

  @Field(() => Boolean, { nullable: true, description: 'Promote when all gates pass (the default), or never.' })
  promote?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      "Wait for an operator's approval before promoting, also where the model's policy does not ask for one.",
  })
  approval?: boolean | null;

  @Field(() => String, {
    nullable: true,
    description: 'The same request over the same data runs once; another key says that a repeat is wanted.',
  })
  idempotencyKey?: string | null;
}

/** What a completed training run leaves in its record. */
interface TrainingResult {
  readonly ref?: { readonly model: string; readonly version: number };
  readonly promoted?: boolean;
  readonly promotion?: string;
}

export function runOf(record: RunRecord): Run {
  const { id, model, kind, state, options, createdAt, finishedAt, step, fraction, message, errorCode } = record;
  const { ref, promoted, promotion } = (record.result ?? {}) as TrainingResult;
  return {
    id,
    model,
    kind,
    state: RunState[state],
    options,
    startedAt: createdAt,
    endedAt: finishedAt,
    progress: step === null ? null : { step, fraction, message },
    steps: record.steps.map((one) => ({
      step: one.step,
      startedAt: new Date(one.startedAt),
      finishedAt: one.finishedAt === null ? null : new Date(one.finishedAt),
    })),
    error: errorCode === null ? null : { code: errorCode, message: record.errorMessage ?? '' },
    promoted: promoted ?? false,
    promotion: promotion ?? null,
    metricValues: record.metrics,
    versionRef: ref ?? null,
  };
}
