import { Access, JsonObjectScalar, type JsonObject } from '@haat/platform';
import type { RunSchedule as ScheduleRecord } from '@haat/workflows/client';
import { Field, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';

export enum ScheduledKind {
  train = 'train',
  backfill = 'backfill',
  skew = 'skew',
  drift = 'drift',
  infer = 'infer',
}
registerEnumType(ScheduledKind, {
  name: 'ScheduledKind',
  valuesMap: {
    train: { description: 'Trains the model.' },
    backfill: { description: 'Computes its rows anew.' },
    skew: { description: 'Recomputes a sample of the answers of the 24 hours before the turn.' },
    drift: { description: 'Profiles the day (UTC) before the turn.' },
    infer: { description: 'Infers by the promoted version of a sampler, up to the turn.' },
  },
});

export enum OverlapPolicy {
  SKIP = 'SKIP',
  BUFFER_ONE = 'BUFFER_ONE',
  CANCEL_OTHER = 'CANCEL_OTHER',
  ALLOW_ALL = 'ALLOW_ALL',
}
registerEnumType(OverlapPolicy, {
  name: 'OverlapPolicy',
  description: 'What happens when a turn comes while the run of the one before still runs.',
  valuesMap: {
    SKIP: { description: 'The turn is left out.' },
    BUFFER_ONE: { description: 'One turn waits.' },
    CANCEL_OTHER: { description: 'The run is cancelled, and the turn begins when it has stopped.' },
    ALLOW_ALL: { description: 'Both run.' },
  },
});

@ObjectType({ description: 'A training, an inference, a backfill or a check that is started again and again.' })
@Access('reader', { of: 'model' })
export class Schedule {
  @Field(() => ID)
  name!: string;

  @Field(() => ScheduledKind)
  kind!: ScheduledKind;

  @Field(() => String)
  model!: string;

  @Field(() => JsonObjectScalar)
  options!: JsonObject;

  @Field(() => String, { description: 'Five fields: minute, hour, day of month, month, day of week.' })
  cron!: string;

  @Field(() => String)
  timeZone!: string;

  @Field(() => OverlapPolicy)
  overlap!: OverlapPolicy;

  @Field(() => Boolean)
  paused!: boolean;

  @Field(() => Date, { nullable: true })
  nextAt!: Date | null;

  @Field(() => Date, { nullable: true, description: 'When its last turn came.' })
  lastAt!: Date | null;
}

@InputType()
export class CreateScheduleInput {
  @Field(() => ID, { description: 'Lower-case letters, digits and dashes.' })
  name!: string;

  @Field(() => ScheduledKind)
  kind!: ScheduledKind;

  @Field(() => ID, { description: '`<domain>/<model>`.' })
  model!: string;

  @Field(() => String, { description: 'Five fields: minute, hour, day of month, month, day of week.' })
  cron!: string;

  @Field(() => String, { defaultValue: 'Asia/Kolkata', description: 'IANA name of the time zone of `cron`.' })
  timeZone!: string;

  @Field(() => OverlapPolicy, { defaultValue: OverlapPolicy.SKIP })
  overlap!: OverlapPolicy;

  @Field(() => JsonObjectScalar, {
    nullable: true,
    description: 'Options of the runs; the own options of the model of a training or an inference stand under `model`.',
  })
  options?: JsonObject | null;
}

export function scheduleOf({ wish, ...schedule }: ScheduleRecord): Schedule {
  const { kind, model, options } = wish;
  return {
    ...schedule,
    overlap: OverlapPolicy[schedule.overlap],
    kind: ScheduledKind[kind],
    model,
    options: { ...options },
  };
}
