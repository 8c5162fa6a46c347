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
   * Starts a backfill, or answers the run with the same wish over the same data, champion and key.
   * @throws UNKNOWN_MODEL, SERVICE_UNAVAILABLE
   */
  async start(wish: Omit<BackfillRequest, 'revision'>, actor: Actor, now: Date): Promise<RunRecord> {
    const { model } = wish;
    await this.registry.model(model);
    const champion = await this.registry.champion(model);
    const revision = await backfillRevision(this.database, domainOf(model), champion);
    return this.starter.start('backfill', backfillInput({ ...wish, revision }, now), actor);
  }

  /** Starts the undo of a backfill, or answers the one that was started before. @throws UNKNOWN_RUN, SERVICE_UNAVAILABLE */
  async undo(wish: Omit<UndoRequest, 'model'>, reason: string | undefined, actor: Actor): Promise<RunRecord> {
    const { model } = await this.runs.read(wish.of, domainsOf(actor));
    return this.starter.start('undo', undoInput({ ...wish, model }), actor, { reason });
  }
}
