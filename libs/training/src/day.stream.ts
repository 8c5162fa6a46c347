import type { ModelRef } from '@haat/kit';
import type { ImportedDay, Metrics } from '@haat/workflows';

/** What the problem of a day is stated from. */
export interface DayState {
  /** YYYY-MM-DD. */
  readonly day: string;
  /** The champion, and what its artifact holds. */
  readonly ref: ModelRef;
  readonly context: unknown;
  readonly options: Readonly<Record<string, unknown>>;
  /** How many chains there will be. */
  readonly chains: number;
}

/** A problem that was written to a file. */
export interface DayProblem {
  readonly rows: number;
  readonly revision: number;
  /** Nothing later is in it. */
  readonly asOf: Date;
  /** Whether all of it was inferred from before. */
  readonly unchanged: boolean;
  /** What is told of it. */
  readonly metrics: Metrics;
}

/** How a model takes in days that come one after the other. Both steps may be repeated: a second time changes nothing. */
export interface DayStream {
  /** Imports the files of a folder, which came on a day. */
  importDay(directory: string, day: string): Promise<ImportedDay>;
  /** Writes to a file what is to be inferred after it. */
  state(call: DayState, file: string): Promise<DayProblem>;
}
