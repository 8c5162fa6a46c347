import type { BackfillRecord } from '@haat/data-access';
import { domainOf } from '@haat/kit';
import type { ChunkOutcome, ChunkPlan, ChunkRange, PageCall, UndoInput } from '@haat/workflows';
import { backfillError } from '../backfill.errors.ts';
import { requireUndoable } from '../undoable.run.ts';
import { reportOf, type MoveRow } from '../change.moves.ts';
import { committedChunk, onceInTransaction } from '../chunk.transaction.ts';
import type { Backfillable } from './backfill.world.ts';

/** What opening an undo asks. */
type UndoWorld = Pick<Backfillable, 'database' | 'runs' | 'backfills'>;

export async function openUndo(world: UndoWorld, input: UndoInput): Promise<ChunkPlan> {
  const { database, runs, backfills } = world;
  const { runId, model, options } = input;
  await runs.create({ id: runId, kind: 'undo', model, options: { ...options } });
  await runs.beginStep(runId, 'select');
  const undone = await undoable(world, options.of);
  const { rows } = await database.pool.query<{ total: string }>(
    'select count(*) as total from platform.backfill_change where backfill = $1 and undone_by is null',
    [undone.id],
  );
  const scope = { force: options.force };
  const opened = await backfills.open({
    run: runId,
    model,
    ref: null,
    scope,
    undoes: options.of,
    total: Number(rows[0]!.total),
  });
  await runs.beginStep(runId, 'undo');
  return { total: opened.total, ref: null };
}

export async function undoPages(
  { database, backfills }: Backfillable,
  { options, page }: UndoInput & { page: PageCall },
): Promise<readonly string[]> {
  const undone = await backfills.read(options.of);
  const { rows } = await database.pool.query<{ key: string }>(
    `select key from (
       select key, row_number() over (order by key) as at, lead(key) over (order by key) as next from (
         select key from platform.backfill_change
         where backfill = $1 and undone_by is null and ($2::text is null or key > $2) order by key limit $3
       ) page) numbered
     where at % $4 = 0 or next is null order by key`,
    [undone.id, page.after, page.chunks * options.chunkSize, options.chunkSize],
  );
  return rows.map(({ key }) => key);
}

export async function undoChunk(
  world: Backfillable,
  { runId, model, options, range }: UndoInput & { range: ChunkRange },
): Promise<ChunkOutcome> {
  const { target, database, statements, backfills } = world;
  const [own, undone] = await backfills.readAll([runId, options.of]);
  const key = { backfill: own!, domain: domainOf(model), range };
  const done = await committedChunk(database.pool, key);
  if (done !== null) return done;
  const outcome = await onceInTransaction(database, key, async (client) => {
    const parameters = [undone!.id, range.after, range.through, options.force, own!.id];
    const { rows } = await client.query<MoveRow>(statements.undo, parameters);
    return { rows: rows.reduce((sum, move) => sum + move.rows, 0), report: reportOf(target.table, rows) };
  });
  await backfills.showProgress(runId);
  return outcome;
}

/**
 * The backfill of a run that can be undone. The undo's own run stands written down by then: whoever collects before-images sees
 * it, or has marked them. @throws UNKNOWN_RUN, RUN_NOT_ENDED, NOT_UNDOABLE
 */
async function undoable({ runs, backfills }: UndoWorld, id: string): Promise<BackfillRecord> {
  const run = await runs.read(id);
  requireUndoable(run);
  const backfill = await backfills.settled(id);
  if (backfill === null) {
    throw backfillError('NOT_UNDOABLE', `Run "${id}" ended before it wrote a row`, { run: id });
  }
  if (backfill.collectedAt !== null) {
    const at = backfill.collectedAt.toISOString();
    throw backfillError('NOT_UNDOABLE', `What the rows of run "${id}" were before was collected at ${at}`, { run: id });
  }
  return backfill;
}
