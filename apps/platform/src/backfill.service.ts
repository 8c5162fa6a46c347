import { requireUndoable } from '@haat/backfill';
import { backfillRevision, type Database, type ModelRegistry, type RunLog, type RunRecord } from '@haat/data-access';
import { domainOf, domainsOf, type Actor } from '@haat/kit';
import { backfillInput, undoInput, type BackfillRequest, type UndoRequest } from '@haat/workflows/client';
import type { RunStarter } from './run.starter.ts';

/** Starts backfills and undoes them. */
export class BackfillService {
  constructor(
    private readonly database: Database,
    private readonly registry: ModelRegistry,
    private readonly runs: RunLog,
    private readonly starter: RunStarter,
  ) {}

  /**
   * Starts a backfill, or answers the run with the same wish and key, where neither data nor champion have changed since, nor
   * has a backfill been undone.
   * @throws UNKNOWN_MODEL, SERVICE_UNAVAILABLE
   */
  async start(wish: Omit<BackfillRequest, 'revision'>, actor: Actor, now: Date): Promise<RunRecord> {
    const { model } = wish;
    await this.registry.model(model);
    const revision = await backfillRevision(this.database, domainOf(model), model);
    return this.starter.start('backfill', backfillInput({ ...wish, revision }, now), actor);
  }

  /**
   * Starts the undo of a backfill, or answers the one that was started before.
   * @throws UNKNOWN_RUN, RUN_NOT_ENDED, NOT_UNDOABLE, SERVICE_UNAVAILABLE
   */
  async undo(wish: Omit<UndoRequest, 'model'>, reason: string | undefined, actor: Actor): Promise<RunRecord> {
    const run = await this.runs.read(wish.of, domainsOf(actor));
    requireUndoable(run);
    return this.starter.start('undo', undoInput({ ...wish, model: run.model }), actor, { reason });
  }
}
