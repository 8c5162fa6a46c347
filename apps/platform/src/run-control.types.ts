import { Access } from '@haat/platform';
import type { PendingStep as PendingRecord } from '@haat/workflows/client';
import { Field, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { RunError } from './run.types.ts';

export enum PendingState {
  waiting = 'waiting',
  running = 'running',
  retrying = 'retrying',
}
registerEnumType(PendingState, {
  name: 'PendingState',
  valuesMap: {
    waiting: { description: 'No worker has taken it yet.' },
    retrying: { description: 'It failed and is tried again.' },
  },
});

@ObjectType({ description: 'A step that a run waits for now.' })
@Access('reader')
export class PendingStep {
  @Field(() => String)
  step!: string;

  @Field(() => PendingState)
  state!: PendingState;

  @Field(() => Int)
  attempt!: number;

  @Field(() => Int, { nullable: true, description: 'After which the run fails; null: it is tried until it succeeds.' })
  attemptsAtMost!: number | null;

  @Field(() => Date, { nullable: true })
  startedAt!: Date | null;

  @Field(() => Date, { nullable: true })
  nextAttemptAt!: Date | null;

  @Field(() => RunError, { nullable: true })
  lastFailure!: RunError | null;
}

@ObjectType({ description: 'Something that happened to a run, from the history that Temporal keeps.' })
@Access('reader')
export class RunEvent {
  @Field(() => Int, { description: 'Counts from 1.' })
  number!: number;

  @Field(() => Date)
  at!: Date;

  @Field(() => String)
  text!: string;
}

export const pendingStepOf = (step: PendingRecord): PendingStep => ({ ...step, state: PendingState[step.state] });
