import type pg from 'pg';

import { inTransaction, type Database } from '../database/database.connection.ts';
import { AuditTrail } from '../platform/audit.trail.ts';
import type { Deed } from '../platform/model.lifecycle.ts';
import { daysBefore, type JudgedRecordsWithVerdict } from './retention.policy.ts';

/** The partition of one day. */
interface PredictionDay {
  /** YYYY-MM-DD, UTC. */
  readonly day: string;
  readonly bytes: number;
  /** A backfill that can be undone and whose before-images name predictions of about that day. */
  readonly backfill: string | null;
  /** A check in flight that reads that day. */
  readonly check: string | null;
}

interface JudgedDay extends JudgedRecordsWithVerdict {
  readonly day: string;
}

const DAY_MS = 86_400_000;
/** SQLSTATE of a lock that did not come in time. */
const LOCK_NOT_AVAILABLE = '55P03';

/** Predictions by day: whole partitions go. */
export class PredictionDays {
  constructor(
    private readonly database: Database,
    private readonly predictionDays: number,
  ) {}

  /** As if the before-images of `gone`, ids of runs, were collected already. */
  async judge(now: Date, gone: readonly string[]): Promise<JudgedDay[]> {
    return (await daysKept(this.database.pool, gone)).map((one) => this.#verdictOn(one, now));
  }

  /** Drops one day with an entry in the audit trail, both or neither; a day that is in use stays. */
  async collect(judged: JudgedDay, now: Date, deed: Deed): Promise<JudgedDay> {
    try {
      return await inTransaction(this.database, async (client) => {
        await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [judged.id]);
        const [found] = await daysKept(client, [], judged.day);
        if (!found) return judged;
        const again = this.#verdictOn(found, now);
        if (again.collect) await this.#drop(client, again, deed);
        return again;
      });
    } catch (failure) {
      if ((failure as { code?: string }).code !== LOCK_NOT_AVAILABLE) throw failure;
      return { ...judged, collect: false, why: 'predictions are in use at this moment: collect again' };
    }
  }

  #verdictOn({ day, bytes, backfill, check }: PredictionDay, now: Date): JudgedDay {
    const verdict = (collect: boolean, why: string) => ({
      id: `predictions/${day}`,
      bytes,
      rows: null,
      why,
      collect,
      day,
    });
    const ended = Date.parse(day) + DAY_MS;
    if (ended > daysBefore(now, this.predictionDays).getTime()) {
      return verdict(false, `kept for ${this.predictionDays} days`);
    }
    if (backfill !== null) return verdict(false, `run ${backfill} can be undone, and its before-images name them`);
    if (check !== null) return verdict(false, `run ${check} is in flight and reads them`);
    return verdict(true, `older than ${this.predictionDays} days`);
  }

  /** The entry first: the lock on all predictions is held no longer than it takes to commit. */
  async #drop(client: pg.PoolClient, { id, day, bytes, why }: JudgedDay, deed: Deed): Promise<void> {
    const details = { ...deed.details, bytes, why, predictionDays: this.predictionDays };
    await new AuditTrail(this.database).record(
      { ...deed, action: 'prediction.collect', subject: id, domain: 'platform', details },
      client,
    );
    await client.query('select platform.drop_prediction_partition($1)', [day]);
  }
}

/**
 * The days that have a partition, the oldest first; one day where given. A backfill's predictions bear the clock of a worker, which
 * may be a day from the database's.
 */
async function daysKept(
  client: Pick<pg.ClientBase, 'query'>,
  gone: readonly string[],
  day: string | null = null,
): Promise<PredictionDay[]> {
  const { rows } = await client.query<PredictionDay>(
    `select p.day::text as day, pg_total_relation_size(p.oid)::float8 as bytes,
       (select min(b.run) from platform.backfill b join platform.run r on r.id = b.run
        where b.undoes is null and b.collected_at is null and b.changed > 0 and b.run <> all($1)
          and r.options -> 'dryRun' is distinct from 'true'
          and b.began_at < p.opens + interval '2 days'
          and (r.finished_at is null or r.finished_at >= p.opens - interval '1 day')) as backfill,
       (select min(r.id) from platform.run r where r.finished_at is null and (
          (r.kind = 'skew' and (r.options ->> 'from')::timestamptz < p.opens + interval '1 day'
            and (r.options ->> 'to')::timestamptz > p.opens)
          or (r.kind = 'drift' and r.options ->> 'day' = p.day::text))) as "check"
     from (
       select c.oid, to_date(right(c.relname, 8), 'YYYYMMDD') as day,
         to_date(right(c.relname, 8), 'YYYYMMDD')::timestamp at time zone 'UTC' as opens
       from pg_inherits i join pg_class c on c.oid = i.inhrelid
       where i.inhparent = 'platform.prediction'::regclass
     ) p
     where $2::date is null or p.day = $2
     order by p.day`,
    [gone, day],
  );
  return rows;
}
