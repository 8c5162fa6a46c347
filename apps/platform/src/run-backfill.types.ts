import type { BackfillRecord, ChangeReport } from '@haat/data-access';
import { Access, JsonObjectScalar, type JsonObject } from '@haat/platform';
import { ArgsType, Field, Float, ID, InputType, Int, ObjectType } from '@nestjs/graphql';

@ObjectType({ description: 'Sums of one number over the rows of a move.' })
@Access('reader')
export class MeasureChange {
  @Field(() => String)
  name!: string;

  @Field(() => Float)
  before!: number;

  @Field(() => Float)
  after!: number;
}

@ObjectType({ description: 'Rows that went from one value to another.' })
@Access('reader')
export class RowMove {
  @Field(() => String, { nullable: true, description: 'Null where there was no row.' })
  before!: string | null;

  @Field(() => String, { nullable: true, description: 'Null where there is no row any more.' })
  after!: string | null;

  @Field(() => Int)
  rows!: number;

  @Field(() => [String], { description: 'A few keys.' })
  examples!: string[];

  @Field(() => [MeasureChange])
  measures!: MeasureChange[];
}

@ObjectType({ description: 'Rows that were left as they are.' })
@Access('reader')
export class KeptRows {
  @Field(() => String)
  reason!: string;

  @Field(() => Int)
  rows!: number;

  @Field(() => [String], { description: 'A few keys.' })
  examples!: string[];
}

@ObjectType('ChangeReport', { description: 'What a backfill or an undo changes; of a dry run, what it would change.' })
@Access('reader')
export class ChangeReportType {
  @Field(() => [RowMove], { description: 'Most rows first.' })
  moves!: RowMove[];

  @Field(() => [KeptRows])
  kept!: KeptRows[];
}

@ObjectType({ description: 'How far the rows of a backfill or an undo are.' })
@Access('reader')
export class RunBackfill {
  @Field(() => Float, { description: 'Rows that it looks at.' })
  total!: number;

  @Field(() => Float, { description: 'Rows looked at so far.' })
  done!: number;

  @Field(() => Float, { description: 'Rows written, removed or put back; of a dry run, rows that would be.' })
  changed!: number;

  @Field(() => Float, { nullable: true, description: 'Rows a second over the last 30 seconds of work.' })
  rowsPerSecond!: number | null;

  @Field(() => Float, { nullable: true, description: 'At that speed; null where it is not known.' })
  secondsLeft!: number | null;

  @Field(() => Date, { nullable: true, description: 'Since when it waits for its operator.' })
  pausedAt!: Date | null;

  @Field(() => Boolean)
  dryRun!: boolean;

  @Field(() => ID, { nullable: true, description: 'The run that it undoes.' })
  undoes!: string | null;

  runId!: string;
}

/** How a run goes through its rows. */
@InputType({ isAbstract: true })
@ArgsType()
export class PaceFields {
  @Field(() => Int, { nullable: true, description: 'Rows of one transaction, 1 to 20,000.' })
  chunkSize?: number | null;

  @Field(() => Int, { nullable: true, description: 'Chunks under way at once, 1 to 64.' })
  concurrency?: number | null;

  @Field(() => Float, { nullable: true, description: 'Rows a second at the most.' })
  rowsPerSecond?: number | null;
}

@ArgsType()
export class UndoBackfillArgs extends PaceFields {
  @Field(() => ID, { description: 'The backfill that is undone.' })
  run!: string;

  @Field(() => Boolean, { defaultValue: false, description: 'Put back rows that were changed since, too.' })
  force!: boolean;

  @Field(() => String, { nullable: true, description: 'Why, for the audit trail.' })
  reason?: string | null;

  @Field(() => String, { nullable: true, description: 'Another key says that a repeat is wanted.' })
  idempotencyKey?: string | null;
}

@InputType()
export class StartBackfillInput extends PaceFields {
  @Field(() => ID, { description: '`<domain>/<model>`.' })
  model!: string;

  @Field(() => JsonObjectScalar, {
    nullable: true,
    description: "In the domain's own words; what is stale where absent.",
  })
  selection?: JsonObject | null;

  @Field(() => Date, { nullable: true, description: 'Facts later (event time) do not count; now where absent.' })
  asOf?: Date | null;

  @Field(() => Boolean, { nullable: true, description: 'Compute, compare, and write nothing.' })
  dryRun?: boolean | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Share of the rows that is processed, in (0, 1], by a hash of seed and key.',
  })
  canary?: number | null;

  @Field(() => Int, { nullable: true })
  seed?: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'The same wish over the same data runs once; another key says that a repeat is wanted.',
  })
  idempotencyKey?: string | null;
}

export function runBackfillOf(record: BackfillRecord, options: JsonObject): RunBackfill {
  const { run, total, done, changed, rowsPerSecond, secondsLeft, pausedAt, undoes } = record;
  const dryRun = options['dryRun'] === true;
  return { runId: run, total, done, changed, rowsPerSecond, secondsLeft, pausedAt, undoes, dryRun };
}

export function changeReportOf({ moves, kept }: ChangeReport): ChangeReportType {
  return {
    moves: moves.map(({ measures, examples, ...move }) => ({
      ...move,
      examples: [...examples],
      measures: Object.entries(measures).map(([name, change]) => ({ name, ...change })),
    })),
    kept: kept.map(({ examples, ...rows }) => ({ ...rows, examples: [...examples] })),
  };
}
