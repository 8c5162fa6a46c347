import type pg from 'pg';

import { domainOf } from '@haat/kit';

import { inTransaction, type Database } from '../database/database.connection.ts';
import { AuditTrail } from '../platform/audit.trail.ts';
import type { Deed } from '../platform/model.lifecycle.ts';
import { daysBefore, type JudgedRecordsWithVerdict } from './retention.policy.ts';

/** A backfill whose before-images are there, all or in part. */
interface KeptImages {
  readonly backfill: string;
  readonly run: string;
  readonly model: string;
  readonly rows: number;
  readonly finishedAt: Date | null;
  readonly collectedAt: Date | null;
  /** A run in flight that undoes it. */
  readonly undo: string | null;
}

interface JudgedImages extends JudgedRecordsWithVerdict {
  readonly images: KeptImages;
}

/** Lines that one statement deletes. */
const BATCH = 20_000;

/** Before-images of backfills: they go when the time in which a backfill can be undone is over. */
export class BeforeImages {
  constructor(
    private readonly database: Database,
    private readonly undoDays: number,
  ) {}

  async judge(now: Date): Promise<JudgedImages[]> {
    return (await keptImages(this.database.pool)).map((images) => this.#verdictOn(images, now));
  }

  /**
   * Marks, with an entry in the audit trail, then deletes in small transactions: a crash in between leaves a backfill that says
   * that it cannot be undone, never one that is undone in part. Whoever opens an undo waits for the mark.
   */
  async collect(judged: JudgedImages, now: Date, deed: Deed): Promise<JudgedImages> {
    const { backfill, run } = judged.images;
    const outcome = await inTransaction(this.database, async (client) => {
      await client.query('select from platform.backfill where id = $1 for update', [backfill]);
      const [found] = await keptImages(client, run);
      if (!found) return judged;
      const again = this.#verdictOn(found, now);
      if (again.collect && found.collectedAt === null) await this.#mark(client, again, deed);
      return again;
    });
    if (outcome.collect) await this.#delete(backfill);
    return outcome;
  }

  #verdictOn(images: KeptImages, now: Date): JudgedImages {
    const { run, rows, finishedAt, undo } = images;
    const verdict = (collect: boolean, why: string) => ({
      id: `before-images/${run}`,
      bytes: null,
      rows,
      why,
      collect,
      images,
    });
    if (undo !== null) return verdict(false, `run ${undo} is in flight and undoes it`);
    if (finishedAt === null) return verdict(false, 'its run is in flight');
    const ended = finishedAt.toISOString();
    if (finishedAt > daysBefore(now, this.undoDays)) return verdict(false, `it ended at ${ended} and can be undone`);
    return verdict(true, `it ended at ${ended}`);
  }

  async #mark(client: pg.PoolClient, { images, rows, why }: JudgedImages, deed: Deed): Promise<void> {
    await client.query('update platform.backfill set collected_at = now() where id = $1', [images.backfill]);
    await new AuditTrail(this.database).record(
      {
        ...deed,
        action: 'backfill.collect',
        subject: images.run,
        domain: domainOf(images.model),
        details: { ...deed.details, rows, why, undoDays: this.undoDays },
      },
      client,
    );
  }

  async #delete(backfill: string): Promise<void> {
    for (let deleted = BATCH; deleted === BATCH;) {
      const { rowCount } = await this.database.pool.query(
        `delete from platform.backfill_change where backfill = $1 and key = any(array(
           select key from platform.backfill_change where backfill = $1 order by key limit ${BATCH}))`,
        [backfill],
      );
      deleted = rowCount ?? 0;
    }
  }
}

/** The oldest first; of one run where given. */
async function keptImages(client: Pick<pg.ClientBase, 'query'>, run: string | null = null): Promise<KeptImages[]> {
  const { rows } = await client.query<KeptImages>(
    `select b.id as backfill, b.run, r.model, b.changed::float8 as rows, r.finished_at as "finishedAt",
       b.collected_at as "collectedAt",
       (select min(u.id) from platform.run u where u.kind = 'undo' and u.finished_at is null
          and u.options ->> 'of' = b.run) as undo
     from platform.backfill b join platform.run r on r.id = b.run
     where b.undoes is null and ($1::text is null or b.run = $1)
       and exists (select from platform.backfill_change c where c.backfill = b.id)
     order by b.id`,
    [run],
  );
  return rows;
}
