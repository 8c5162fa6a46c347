import { dataRevision, type Database, type ModelRegistry, type RunLog, type RunRecord } from '@haat/data-access';
import { domainOf, type Actor } from '@haat/kit';
import type { JsonObject } from '@haat/platform';
import { startRun, trainInput } from '@haat/workflows/client';
import { checkOptions } from './option.check.ts';
import type { TemporalLink } from './temporal.link.ts';

/** Injection token of the app's database. */
export const DATABASE = Symbol('database');

/** A wish for a training run, as the API takes it. */
export interface TrainWish {
  readonly model: string;
  readonly options?: JsonObject;
  readonly seed?: number;
  readonly asOf?: Date;
  readonly promote?: boolean;
  readonly idempotencyKey?: string;
}

/** Starts training runs. */
export class TrainingService {
  constructor(
    private readonly database: Database,
    private readonly registry: ModelRegistry,
    private readonly runs: RunLog,
    private readonly link: TemporalLink,
  ) {}

  /**
   * Starts a run of the stored card's model, or answers the one with the same options, data and key. The run is written
   * down, with who asked for it, before it starts, so that what Temporal knows is always known here.
   * @throws UNKNOWN_MODEL, INVALID_ARGUMENT, SERVICE_UNAVAILABLE
   */
  async train(
    { model, options, seed, asOf, promote, idempotencyKey }: TrainWish,
    actor: Actor,
    now: Date,
  ): Promise<RunRecord> {
    await this.check(model, options ?? {});
    const request = {
      model,
      options,
      seed,
      asOf: asOf?.toISOString(),
      promote: promote === false ? ('never' as const) : undefined,
      dataRevision: String(await dataRevision(this.database, domainOf(model))),
      idempotencyKey,
    };
    const { runId, options: planned } = trainInput(request, now);
    return this.link.ask(async (temporal) => {
      const run = await this.runs.begin(
        { id: runId, kind: 'train', model, options: { ...planned } },
        { actor, action: 'train.start' },
      );
      await startRun(temporal, 'train', { runId, model, options: run.options });
      return this.runs.read(runId);
    });
  }

  /** @throws UNKNOWN_MODEL, INVALID_ARGUMENT */
  async check(model: string, options: JsonObject): Promise<void> {
    const { card } = await this.registry.model(model);
    checkOptions(card, options);
  }
}
