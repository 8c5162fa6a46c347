import type { ModelRef } from '@haat/kit';

/** How a run goes through its rows, whatever it does to them. */
export interface ChunkOptions {
  /** Rows of one chunk, which is one transaction. */
  readonly chunkSize: number;
  /** Chunks under way at once. */
  readonly concurrency: number;
  /** Rows a second at the most; null: as fast as it goes. */
  readonly rowsPerSecond: number | null;
  /** Chunks after which the workflow goes on in a new history. */
  readonly chunksPerHistory: number;
}

/** Options of a backfill, as JSON. */
export interface BackfillOptions extends ChunkOptions {
  /** Bound of event time, ISO 8601. */
  readonly asOf: string;
  /** What the domain is asked to select; its own words. */
  readonly selection: Readonly<Record<string, unknown>>;
  /** Computes and compares, and writes nothing. */
  readonly dryRun: boolean;
  /** Share of the selected rows that is processed, in (0, 1], chosen by a hash of seed and key. */
  readonly canary: number;
  readonly seed: number;
}

export interface BackfillInput {
  readonly runId: string;
  readonly model: string;
  readonly options: BackfillOptions;
}

/** Options of an undo, as JSON. */
export interface UndoOptions extends ChunkOptions {
  /** The run that is undone. */
  readonly of: string;
  /** Also puts back rows that were changed since. */
  readonly force: boolean;
}

export interface UndoInput {
  readonly runId: string;
  readonly model: string;
  readonly options: UndoOptions;
}

/** What a run of chunks holds on to from its beginning to its end. The rest of it is in the database. */
export interface ChunkPlan {
  /** Rows that it will look at. */
  readonly total: number;
  /** The version that computes; null for an undo. */
  readonly ref: ModelRef | null;
}

/** Rows after the key `after` (null: from the first) up to the key `through`. The same number is always the same range. */
export interface ChunkRange {
  readonly number: number;
  readonly after: string | null;
  readonly through: string;
}

/** Where the pages of a run go on. */
export interface PageCall {
  readonly after: string | null;
  readonly chunks: number;
}

export interface ChunkOutcome {
  /** Rows looked at. */
  readonly rows: number;
  /** Rows written, removed or put back; in a dry run, rows that would be. */
  readonly changed: number;
}

/** How far a run of chunks is, as its workflow knows it. */
export interface ChunkProgress {
  readonly total: number;
  readonly done: number;
  readonly changed: number;
  readonly chunksInFlight: number;
  readonly paused: boolean;
}

export interface ChunkResult {
  readonly total: number;
  readonly done: number;
  readonly changed: number;
}

/** What a run of chunks ends by. */
export interface ChunkEnding {
  readonly runId: string;
  readonly model: string;
  readonly state: 'completed' | 'failed' | 'cancelled';
  readonly result: ChunkResult;
  /** Why it did not complete. */
  readonly failure: { readonly code: string; readonly message: string } | null;
}

/**
 * What the workflows of backfills ask of the world. Every call may be repeated: a chunk that was committed is answered from
 * what it left, and changes nothing.
 */
export interface BackfillActivities {
  /** Makes the run's row unless whoever started it has, and fixes what the run holds on to: model version, horizon, total. */
  openBackfill(call: BackfillInput): Promise<ChunkPlan>;
  /** Last keys of the next chunks, in order; none when all rows are done. */
  backfillPages(call: BackfillInput & { page: PageCall }): Promise<readonly string[]>;
  backfillChunk(call: BackfillInput & { range: ChunkRange }): Promise<ChunkOutcome>;
  openUndo(call: UndoInput): Promise<ChunkPlan>;
  undoPages(call: UndoInput & { page: PageCall }): Promise<readonly string[]>;
  undoChunk(call: UndoInput & { range: ChunkRange }): Promise<ChunkOutcome>;
  /** Writes down that a run waits for its operator, or goes on. */
  markPaused(call: { runId: string; model: string; paused: boolean }): Promise<void>;
  closeBackfill(call: ChunkEnding): Promise<void>;
}
