import type { BackfillInput, ChunkProgress, ChunkResult, UndoInput } from '../backfill.contract.ts';
import { backfillRows, undoRows } from '../backfill.workflow.ts';
import { chunkProgress } from '../chunked.run.ts';
import { failureOf } from './run.failures.ts';
import { startOnce } from './run.start.ts';
import type { Temporal } from './temporal.connection.ts';

/** Starts a backfill, or finds the one that has its id. Answers whether it was started now. */
export function startBackfill(temporal: Temporal, input: BackfillInput): Promise<boolean> {
  return startOnce(temporal, backfillRows, input, `Backfill ${input.model}`);
}

/** Starts an undo, or finds the one that has its id. Answers whether it was started now. */
export function startUndo(temporal: Temporal, input: UndoInput): Promise<boolean> {
  return startOnce(temporal, undoRows, input, `Undo ${input.options.of}`);
}

/** Waits for the end of a backfill or an undo. Errors: the code that it failed with; RUN_CANCELLED; UNKNOWN_WORKFLOW. */
export async function backfillResult(temporal: Temporal, runId: string): Promise<ChunkResult> {
  try {
    return await temporal.client.workflow.getHandle<typeof backfillRows>(runId).result();
  } catch (caught) {
    throw failureOf(caught, runId);
  }
}

/** How far a backfill or an undo is, asked of the workflow itself; needs a worker. Errors: UNKNOWN_WORKFLOW. */
export async function backfillProgress(temporal: Temporal, runId: string): Promise<ChunkProgress> {
  try {
    return await temporal.client.workflow.getHandle(runId).query(chunkProgress);
  } catch (caught) {
    throw failureOf(caught, runId);
  }
}
