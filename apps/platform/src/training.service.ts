import { dataRevision, type Database, type ModelRegistry, type RunLog, type RunRecord } from '@haat/data-access';
import { domainOf } from '@haat/kit';
import type { JsonObject } from '@haat/platform';
import { cancelRun, startTraining, trainInput } from '@haat/workflows/client';
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

/** Starts training runs, and cancels runs of any kind. */
export class TrainingService {
  constructor(
    private readonly database: Database,
    private readonly registry: ModelRegistry,
    private readonly runs: RunLog,
    private readonly temporal: TemporalLink,
  ) {}

  /**
   * Starts a run of the stored card's model, or answers the one with the same options, data and key. The run is written
   * down before it starts, so that what Temporal knows is always known here.
   * @throws UNKNOWN_MODEL, INVALID_ARGUMENT, SERVICE_UNAVAILABLE
   */
  async train({ model, options, seed, asOf, promote, idempotencyKey }: TrainWish, now: Date): Promise<RunRecord> {
    const { card } = await this.registry.model(model);
    checkOptions(card, options ?? {});
    const request = {
      model,
      options,
      seed,
      asOf: asOf?.toISOString(),
      promote: promote === false ? ('never' as const) : undefined,
      dataRevision: String(await dataRevision(this.database, domainOf(model))),
      idempotencyKey,
    };
    const input = trainInput(request, now);
    await this.temporal.ask(async (temporal) => {
      await this.runs.create({ id: input.runId, kind: 'train', model, options: { ...input.options } });
      await startTraining(temporal, input);
    });
    return this.runs.read(input.runId);
  }

  /** Asks a run to stop; it has stopped when its state says so. @throws UNKNOWN_RUN, SERVICE_UNAVAILABLE */
  async cancel(id: string): Promise<RunRecord> {
    await this.runs.read(id);
    await this.temporal.ask((temporal) => cancelRun(temporal, id));
    return this.runs.read(id);
  }
}
