import { domainOf, type ModelRef } from '@haat/kit';

import { dataAccessError } from '../data-access.errors.ts';
import type { Database } from '../database/database.connection.ts';
import { mergedReport, type ChangeReport } from './backfill.report.ts';

/** A backfill, or the undo of one, as it is opened. */
export interface NewBackfill {
  readonly run: string;
  readonly model: string;
  /** The version that computes; null for an undo, which computes nothing. */
  readonly ref: ModelRef | null;
  /** What the run holds on to, as JSON. */
  readonly scope: unknown;
  /** The run that this one undoes. */
  readonly undoes?: string;
  /** Rows that the run will look at. */
  readonly total: number;
}

export interface BackfillRecord {
  readonly id: string;
  readonly run: string;
  readonly modelVersion: number | null;
  readonly modelDigest: string | null;
  readonly scope: unknown;
  readonly undoes: string | null;
  readonly total: number;
  /** Rows looked at. */
  readonly done: number;
  /** Rows written, removed or put back; in a dry run, rows that would be. */
  readonly changed: number;
  readonly pausedAt: Date | null;
  readonly beganAt: Date;
  readonly closedAt: Date | null;
  /** When its before-images were collected, so that it cannot be undone any more. */
  readonly collectedAt: Date | null;
  /** Rows a second over the last 30 seconds of work; null before the first chunk. */
  readonly rowsPerSecond: number | null;
  /** Seconds left at that speed; null where it is not known. */
  readonly secondsLeft: number | null;
}

/** How far backfills are, and what they did. Reading takes a constant number of statements. */
export class BackfillLog {
  constructor(private readonly database: Pick<Database, 'pool'>) {}

  /** Opens the backfill of a run; one that is open already stays as it is. */
  async open({ run, model, ref, scope, undoes, total }: NewBackfill): Promise<BackfillRecord> {
    await this.database.pool.query(
      `insert into platform.backfill (run, domain, model_version, model_digest, scope, undoes, total)
       values ($1, $2, $3, $4, $5, $6, $7) on conflict (run) do nothing`,
      [run, domainOf(model), ref?.version ?? null, ref?.digest ?? null, JSON.stringify(scope), undoes ?? null, total],
    );
    return this.read(run);
  }

  /** @throws UNKNOWN_BACKFILL */
  async read(run: string): Promise<BackfillRecord> {
    const [found] = await this.readAll([run]);
    if (found) return found;
    throw dataAccessError('UNKNOWN_BACKFILL', `Run "${run}" has not opened a backfill (yet)`, { run });
  }

  /** The backfills of `runs`, in their order; null for a run that has none. One statement. */
  async readAll(runs: readonly string[]): Promise<(BackfillRecord | null)[]> {
    const { rows } = await this.database.pool.query<Row>(
      `select b.id, b.run, b.model_version as "modelVersion", b.model_digest as "modelDigest", b.scope, b.undoes,
         b.total, b.done, b.changed, b.paused_at as "pausedAt", b.began_at as "beganAt", b.closed_at as "closedAt",
         b.collected_at as "collectedAt",
         speed.rows as "rowsPerSecond"
       from platform.backfill b left join lateral (
         select sum(c.rows) / greatest(extract(epoch from max(c.committed_at)
           - greatest(b.began_at, max(c.committed_at) - interval '30 s')), 0.001) as rows
         from platform.backfill_chunk c where c.backfill = b.id and c.committed_at > interval '-30 s'
           + (select max(committed_at) from platform.backfill_chunk where backfill = b.id)
       ) speed on true
       where b.run = any($1)`,
      [runs],
    );
    const byRun = new Map(rows.map((row) => [row.run, recordOf(row)]));
    return runs.map((run) => byRun.get(run) ?? null);
  }

  /** The backfill of a run, once nobody collects its before-images at the same moment; null where it has none. */
  async settled(run: string): Promise<BackfillRecord | null> {
    await this.database.pool.query('select from platform.backfill where run = $1 for share', [run]);
    return (await this.readAll([run]))[0] ?? null;
  }

  /** What the chunks so far change, or in a dry run would change. */
  async report(run: string): Promise<ChangeReport> {
    const { rows } = await this.database.pool.query<{ report: ChangeReport }>(
      `select c.report from platform.backfill_chunk c join platform.backfill b on b.id = c.backfill
       where b.run = $1 order by c.chunk`,
      [run],
    );
    return mergedReport(rows.map(({ report }) => report));
  }

  /** Writes how far the run is into its row. */
  async showProgress(run: string): Promise<void> {
    await this.database.pool.query(
      `update platform.run set fraction = least(1, b.done / greatest(b.total, 1)::float8), updated_at = now(),
         message = case when b.paused_at is null then '' else 'paused; ' end || b.done || ' of ' || b.total || ' rows'
       from platform.backfill b where b.run = run.id and run.id = $1 and finished_at is null`,
      [run],
    );
  }

  /** Says that a run is paused, or goes on. */
  async pause(run: string, paused: boolean): Promise<void> {
    await this.database.pool.query(
      `update platform.backfill set paused_at = case when $2 then coalesce(paused_at, clock_timestamp()) end where run = $1`,
      [run, paused],
    );
  }

  /** From here on no chunk of the run can commit, not even one that some lost worker still works on. */
  async close(run: string): Promise<void> {
    await this.database.pool.query(
      `update platform.backfill set closed_at = coalesce(closed_at, clock_timestamp()), paused_at = null where run = $1`,
      [run],
    );
  }
}

type Row = Omit<BackfillRecord, 'total' | 'done' | 'changed' | 'rowsPerSecond' | 'secondsLeft'> & {
  readonly total: string;
  readonly done: string;
  readonly changed: string;
  readonly rowsPerSecond: string | null;
};

function recordOf(row: Row): BackfillRecord {
  const [total, done] = [Number(row.total), Number(row.done)];
  const rowsPerSecond = row.rowsPerSecond === null ? null : Number(row.rowsPerSecond);
  const known = rowsPerSecond !== null && rowsPerSecond > 0 && row.pausedAt === null && row.closedAt === null;
  const secondsLeft = known ? Math.max(0, total - done) / rowsPerSecond : null;
  return { ...row, total, done, changed: Number(row.changed), rowsPerSecond, secondsLeft };
}
