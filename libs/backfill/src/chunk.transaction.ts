import { inTransaction, type BackfillRecord, type ChangeReport, type Database } from '@haat/data-access';
import type { ChunkOutcome, ChunkRange } from '@haat/workflows';
import { backfillError } from './backfill.errors.ts';
import { changedRows } from './change.moves.ts';

/** A connection with a transaction open. */
export type Client = Pick<Database['pool'], 'query'>;

/** What a chunk did in its transaction. */
export interface ChunkWork {
  /** Rows looked at. */
  readonly rows: number;
  readonly report: ChangeReport;
}

/** One chunk of one backfill: its number is the key under which its effect happens once. */
export interface ChunkKey {
  readonly backfill: Pick<BackfillRecord, 'id' | 'run'>;
  readonly domain: string;
  readonly range: ChunkRange;
}

/** A unique key was there already. */
const UNIQUE_VIOLATION = '23505';

/** What a chunk left when it was committed; null while it was not. */
export async function committedChunk(client: Client, { backfill, range }: ChunkKey): Promise<ChunkOutcome | null> {
  const { rows } = await client.query<ChunkOutcome>(
    'select rows, changed from platform.backfill_chunk where backfill = $1 and chunk = $2',
    [backfill.id, range.number],
  );
  return rows[0] ?? null;
}

/**
 * Does a chunk's work, notes that it is done and counts it, all or nothing. Where another attempt was quicker, what it left is
 * answered and nothing changes. The last statement takes the run's row: a run that was closed lets no chunk commit.
 * @throws RUN_CLOSED
 */
export async function onceInTransaction(
  database: Database,
  key: ChunkKey,
  work: (client: Client) => Promise<ChunkWork>,
): Promise<ChunkOutcome> {
  try {
    return await inTransaction(database, async (client) => {
      const { rows, report } = await work(client);
      const outcome = { rows, changed: changedRows(report) };
      await noteChunk(client, key, outcome, report);
      return outcome;
    });
  } catch (failure) {
    const done = codeOf(failure) === UNIQUE_VIOLATION ? await committedChunk(database.pool, key) : null;
    if (done === null) throw failure;
    return done;
  }
}

async function noteChunk(client: Client, key: ChunkKey, { rows, changed }: ChunkOutcome, report: ChangeReport) {
  const { backfill, domain, range } = key;
  await client.query(
    `insert into platform.backfill_chunk (backfill, chunk, domain, rows, changed, report) values ($1, $2, $3, $4, $5, $6)`,
    [backfill.id, range.number, domain, rows, changed, JSON.stringify(report)],
  );
  const { rowCount } = await client.query(
    `update platform.backfill set done = done + $2, changed = changed + $3 where id = $1 and closed_at is null`,
    [backfill.id, rows, changed],
  );
  if (rowCount === 1) return;
  throw backfillError('RUN_CLOSED', `Run "${backfill.run}" has ended: its chunk ${range.number} was not written`, {
    run: backfill.run,
    chunk: range.number,
  });
}

const codeOf = (failure: unknown) => (failure as { code?: string } | null)?.code;
