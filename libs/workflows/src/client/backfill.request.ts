import type { BackfillInput, BackfillOptions, ChunkOptions, UndoInput } from '../backfill.contract.ts';
import { defined, runIdOf } from './run.identity.ts';

/** How a run goes through its rows, as far as the caller says. */
export type ChunkWish = { readonly [K in keyof ChunkOptions]?: ChunkOptions[K] | undefined };

/** A wish for a backfill, before it has an id. */
export interface BackfillRequest extends ChunkWish {
  /** `domain/model`. */
  readonly model: string;
  readonly selection?: Readonly<Record<string, unknown>> | undefined;
  /** Bound of event time, ISO 8601; absent: now. */
  readonly asOf?: string | undefined;
  readonly dryRun?: boolean | undefined;
  readonly canary?: number | undefined;
  readonly seed?: number | undefined;
  /** What names the state of what rows are computed from: revisions of the domain's data, digest of the champion. */
  readonly revision: string;
  /** Says that a repeat of an identical run is wanted. */
  readonly idempotencyKey?: string | undefined;
}

/** A wish to undo a backfill. */
export interface UndoRequest extends ChunkWish {
  /** The run that is undone, and its model. */
  readonly of: string;
  readonly model: string;
  readonly force?: boolean | undefined;
  readonly idempotencyKey?: string | undefined;
}

const chunkDefaults: ChunkOptions = { chunkSize: 5_000, concurrency: 2, rowsPerSecond: null, chunksPerHistory: 500 };

/**
 * The input of a backfill that is wished for at `now`. Its id holds model, selection, what else decides which rows become
 * what, the revision and the key; how the rows are gone through, and an `asOf` that was not asked for, are no part of it.
 */
export function backfillInput(request: BackfillRequest, now: Date): BackfillInput {
  const { model, selection = {}, dryRun = false, canary = 1, seed = 1, revision, idempotencyKey = null } = request;
  const wish = { selection, dryRun, canary, seed };
  const identity = { model, ...wish, asOf: request.asOf ?? null, revision, idempotencyKey };
  const options: BackfillOptions = { ...chunksOf(request), ...wish, asOf: request.asOf ?? now.toISOString() };
  return { runId: runIdOf('backfill', model, identity), model, options };
}

/** The input of an undo; its id holds the run that is undone, `force` and the key. */
export function undoInput(request: UndoRequest): UndoInput {
  const { of, model, force = false, idempotencyKey = null } = request;
  const runId = runIdOf('undo', model, { of, force, idempotencyKey });
  return { runId, model, options: { ...chunksOf(request), of, force } };
}

function chunksOf({ chunkSize, concurrency, rowsPerSecond, chunksPerHistory }: ChunkWish): ChunkOptions {
  return { ...chunkDefaults, ...defined({ chunkSize, concurrency, rowsPerSecond, chunksPerHistory }) };
}
