import { dataAccessError } from '../data-access.errors.ts';
import { inTransaction, type Database } from '../database/database.connection.ts';
import { ContentHolds, digestLock } from './content.holds.ts';
import { announcing, type ContentStore, type StoredContent } from './content.store.ts';

interface RunOfModel {
  readonly runId: string;
  readonly model: string;
}

/**
 * The checkpoints that each run in flight goes on from, one for each part of it that is computed on its own: bytes in the store, the
 * digest in the run's row, where any worker finds it. What one replaces goes from the store, unless somebody else needs the same bytes.
 */
export class RunCheckpoints {
  constructor(private readonly database: Database) {}

  /** Digest of the newest checkpoint of a part, from 0, of a run in flight; null where there is none. */
  async latest(runId: string, part = 0): Promise<string | null> {
    const { rows } = await this.database.pool.query<{ checkpoint: string | null }>(
      'select checkpoints[$2] as checkpoint from platform.run where id = $1 and finished_at is null',
      [runId, part + 1],
    );
    return rows[0]?.checkpoint ?? null;
  }

  /**
   * The store, for what a run needs on its way and nobody after it: what comes in goes when the run drops what it left. What comes when
   * the run has ended, as from a step that has not heard of it yet, is not kept: RUN_KEEPS_NOTHING.
   */
  passing(run: RunOfModel, store: ContentStore): ContentStore {
    const holds = new ContentHolds(this.database);
    const announced = announcing(store, async (digest) => {
      await holds.hold(run, digest);
      const { rowCount } = await this.database.pool.query(
        'update platform.run set checkpoint_leftovers = array_append(checkpoint_leftovers, $2) where id = $1 and finished_at is null',
        [run.runId, digest],
      );
      if (rowCount === 0) throw ended(run);
    });
    const unlessEnded = async (stored: StoredContent) => {
      const { rowCount } = await this.database.pool.query(
        'select from platform.run where id = $1 and finished_at is null',
        [run.runId],
      );
      if (rowCount !== 0) return stored;
      await this.#discard(run, stored.digest, store);
      throw ended(run);
    };
    return {
      ...store,
      put: async (bytes) => unlessEnded(await announced.put(bytes)),
      putFile: async (file) => unlessEnded(await announced.putFile(file)),
    };
  }

  /** Stores a file and makes it the checkpoint of a part of the run: whoever is killed on the way leaves the one before. */
  async keep(run: RunOfModel, file: string, store: ContentStore, part = 0): Promise<StoredContent> {
    const stored = await this.passing(run, store).putFile(file);
    const { rows } = await this.database.pool.query<{ replaced: string | null }>(
      `update platform.run r set checkpoints[$3] = $2,
         checkpoint_leftovers = array_remove(array_remove(r.checkpoint_leftovers, $2) || before.checkpoint, null)
       from (select id, checkpoints[$3] as checkpoint from platform.run where id = $1 and finished_at is null for update) before
       where r.id = before.id returning before.checkpoint as replaced`,
      [run.runId, stored.digest, part + 1],
    );
    const replaced = rows[0]?.replaced ?? null;
    if (replaced !== null && replaced !== stored.digest) await this.#discard(run, replaced, store);
    return stored;
  }

  /** The run needs none any more; what was left by a worker killed on the way goes too. Dropping again changes nothing. */
  async drop(run: RunOfModel, store: ContentStore): Promise<void> {
    const { rows } = await this.database.pool.query<{ leftovers: string[] }>(
      `update platform.run set checkpoints = '{}', checkpoint_leftovers = array_remove(checkpoint_leftovers || checkpoints, null)
       where id = $1 returning checkpoint_leftovers as leftovers`,
      [run.runId],
    );
    for (const digest of new Set(rows[0]?.leftovers)) await this.#discard(run, digest, store);
  }

  /** Under the lock of the digest, as whoever stores or collects it. */
  async #discard({ runId }: RunOfModel, digest: string, store: ContentStore): Promise<void> {
    await inTransaction(this.database, async (client) => {
      await client.query(`select pg_advisory_xact_lock(${digestLock})`, [digest]);
      const { rows } = await client.query<{ needed: boolean }>(neededStatement, [digest, runId]);
      if (!rows[0]!.needed) await store.remove(digest);
      await client.query(
        'update platform.run set checkpoint_leftovers = array_remove(checkpoint_leftovers, $2) where id = $1',
        [runId, digest],
      );
    });
  }
}

const ended = ({ runId }: RunOfModel) =>
  dataAccessError('RUN_KEEPS_NOTHING', `Run ${runId} has ended, and keeps nothing any more`, { run: runId });

/** Whether anybody but the run needs a digest. */
const neededStatement = `
  select exists (select from platform.model_version where digest = $1 or dataset_digest = $1)
      or exists (select from platform.run where checkpoints @> array[$1::text] and finished_at is null)
      or exists (select from platform.content_hold h join platform.run r on r.id = h.run_id
                 where h.digest = $1 and h.run_id <> $2 and r.finished_at is null) as needed`;
