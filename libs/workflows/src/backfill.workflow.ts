import { continueAsNew } from '@temporalio/workflow';
import type { BackfillInput, ChunkResult, UndoInput } from './backfill.contract.ts';
import { control, runChunks, work, type ChunkState } from './chunked.run.ts';

/** Computes a model's rows anew through its domain's serving, and keeps what each was before. */
export async function backfillRows(input: BackfillInput, carried?: ChunkState): Promise<ChunkResult> {
  const end = await runChunks(input, carried, {
    open: control.openBackfill,
    pages: work.backfillPages,
    chunk: work.backfillChunk,
  });
  if ('result' in end) return end.result;
  return continueAsNew<typeof backfillRows>(input, end.carry);
}

/** Gives the rows of a backfill back what they were before it. */
export async function undoRows(input: UndoInput, carried?: ChunkState): Promise<ChunkResult> {
  const end = await runChunks(input, carried, {
    open: control.openUndo,
    pages: work.undoPages,
    chunk: work.undoChunk,
  });
  if ('result' in end) return end.result;
  return continueAsNew<typeof undoRows>(input, end.carry);
}
