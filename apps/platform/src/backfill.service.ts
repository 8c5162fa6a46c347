import { backfillRevision, type Database, type ModelRegistry, type RunLog, type RunRecord } from '@haat/data-access';
import { domainOf, type Actor } from '@haat/kit';
import {
  backfillInput,
  startRun,
  undoInput,
  type BackfillRequest,
  type RunInput,
  type UndoRequest,
} from '@haat/workflows/client';
import type { TemporalLink } from './temporal.link.ts';

/** Starts backfills and undoes them. */
export class BackfillService {
  constructor(
    private readonly database: Database,
    private readonly registry: ModelRegistry,
    private readonly runs: RunLog,
    private readonly link: TemporalLink,
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
    return this.#begin('backfill', backfillInput({ ...wish, revision }, now), actor, {});
  }

  /** Starts the undo of a backfill, or answers the one that was started before. @throws UNKNOWN_RUN, SERVICE_UNAVAILABLE */
  async undo(wish: Omit<UndoRequest, 'model'>, reason: string | undefined, actor: Actor): Promise<RunRecord> {
    const { model } = await this.runs.read(wish.of);
    return this.#begin('undo', undoInput({ ...wish, model }), actor, {
      reason,
      details: { of: wish.of, force: wish.force ?? false },
    });
  }

  #begin(
    kind: 'backfill' | 'undo',
    { runId, model, options }: RunInput,
    actor: Actor,
    why: { readonly reason?: string | undefined; readonly details?: Readonly<Record<string, unknown>> },
  ): Promise<RunRecord> {
    return this.link.ask(async (temporal) => {
      const action = kind === 'undo' ? 'backfill.undo' : 'backfill.start';
      const run = await this.runs.begin({ id: runId, kind, model, options: { ...options } }, { actor, action, ...why });
      await startRun(temporal, kind, { runId, model, options: run.options });
      return this.runs.read(runId);
    });
  }
}
