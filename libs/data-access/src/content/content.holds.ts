import { inTransaction, type Database } from '../database/database.connection.ts';

/** Name of the lock under which a digest is held, or collected as garbage. */
export const digestLock = `hashtextextended('haat_content/' || $1, 0)`;

/** What runs store and no version refers to yet. It is kept for as long as the run is in flight. */
export class ContentHolds {
  constructor(private readonly database: Database) {}

  /**
   * Holds a digest for a run, before its bytes are stored: from then on they are not collected, and whoever collects the same
   * digest just now has finished. Holding again changes nothing.
   */
  async hold(run: { readonly runId: string; readonly model: string }, digest: string): Promise<void> {
    await inTransaction(this.database, async (client) => {
      await client.query(`select pg_advisory_xact_lock(${digestLock})`, [digest]);
      await client.query(
        'insert into platform.content_hold (digest, run_id, model) values ($1, $2, $3) on conflict do nothing',
        [digest, run.runId, run.model],
      );
    });
  }
}
