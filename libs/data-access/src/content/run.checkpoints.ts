import { inTransaction, type Database } from '../database/database.connection.ts';
import { ContentHolds, digestLock } from './content.holds.ts';
import { announcing, type ContentStore, type StoredContent } from './content.store.ts';

interface RunOfModel {
  readonly runId: string;
  readonly model: string;
}

/**
 * The one checkpoint that each run in flight goes on from: bytes in the store, the digest in the run's row, where any worker finds
 * it. What it replaces goes from the store, unless somebody else needs the same bytes.
 */
export class RunCheckpoints {
  constructor(private readonly database: Database) {}

  /** Digest of the newest checkpoint of a run in flight; null where there is none. */
  async latest(runId: string): Promise<string | null> {
    const { rows } = await this.database.pool.query<{ checkpoint: string | null }>(
      'select checkpoint from platform.run where id = $1 and finished_at is null',
      [runId],
    );
    return rows[0]?.checkpoint ?? null;
  }

  /** Stores a file and makes it the checkpoint of the run: whoever is killed on the way leaves the one before. */
  async keep(run: RunOfModel, file: string, store: ContentStore): Promise<StoredContent> {
    const holds = new ContentHolds(this.database);
    const stored = await announcing(store, async (digest) => {
      await holds.hold(run, digest);
      await this.database.pool.query(
        'update platform.run set checkpoint_leftovers = array_append(checkpoint_leftovers, $2) where id = $1',
        [run.runId, digest],
      );
    }).putFile(file);
    const { replaced } = await this.#replace(run, stored.digest);
    if (replaced !== null && replaced !== stored.digest) await this.#discard(run, replaced, store);
    return stored;
  }

  /** The run needs none any more; what was left by a worker killed on the way goes too. Dropping again changes nothing. */
  async drop(run: RunOfModel, store: ContentStore): Promise<void> {
    const { leftovers } = await this.#replace(run, null);
    for (const digest of new Set(leftovers)) await this.#discard(run, digest, store);
  }

  async #replace(
    { runId }: RunOfModel,
    digest: string | null,
  ): Promise<{ readonly replaced: string | null; readonly leftovers: readonly string[] }> {
    const { rows } = await this.database.pool.query<{ replaced: string | null; leftovers: string[] }>(
      `update platform.run r
       set checkpoint = $2, checkpoint_leftovers = array_remove(array_remove(r.checkpoint_leftovers, $2) || before.checkpoint, null)
       from (select id, checkpoint from platform.run where id = $1 for update) before
       where r.id = before.id returning before.checkpoint as replaced, r.checkpoint_leftovers as leftovers`,
      [runId, digest],
    );
    return rows[0] ?? { replaced: null, leftovers: [] };
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

/** Whether anybody but the run needs a digest. */
const neededStatement = `
  select exists (select from platform.model_version where digest = $1 or dataset_digest = $1)
      or exists (select from platform.run where checkpoint = $1 and finished_at is null)
      or exists (select from platform.content_hold h join platform.run r on r.id = h.run_id
                 where h.digest = $1 and h.run_id <> $2 and r.finished_at is null) as needed`;
