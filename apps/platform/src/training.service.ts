import { dataRevision, type Database, type ModelRegistry, type RunLog, type RunRecord } from '@haat/data-access';
import { domainOf, isDomainError } from '@haat/kit';
import { edgeError, type JsonObject, type Logger } from '@haat/platform';
import {
  cancelRun,
  connectTemporal,
  startTraining,
  trainInput,
  type Temporal,
  type TemporalOptions,
} from '@haat/workflows/client';
import { checkOptions } from './option.check.ts';

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

/** Starts and cancels training runs. Connects to Temporal when it is first needed: reading needs none. */
export class TrainingService {
  #temporal: Promise<Temporal> | undefined;

  constructor(
    private readonly database: Database,
    private readonly registry: ModelRegistry,
    private readonly runs: RunLog,
    private readonly options: TemporalOptions,
    private readonly logger: Logger,
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
    const temporal = await this.#connected();
    await this.runs.create({ id: input.runId, kind: 'train', model, options: { ...input.options } });
    await this.#asking(() => startTraining(temporal, input));
    return this.runs.read(input.runId);
  }

  /** Asks a run of one of `domains` to stop; it has stopped when its state says so. @throws UNKNOWN_RUN, SERVICE_UNAVAILABLE */
  async cancel(id: string, domains: readonly string[] | undefined): Promise<RunRecord> {
    await this.runs.read(id, domains);
    const temporal = await this.#connected();
    await this.#asking(() => cancelRun(temporal, id));
    return this.runs.read(id);
  }

  async close(): Promise<void> {
    await (await this.#temporal?.catch(() => undefined))?.close();
  }

  #connected(): Promise<Temporal> {
    const connecting = (this.#temporal ??= connectTemporal(this.options));
    return this.#asking(() => connecting).catch((reason: unknown) => {
      this.#temporal = undefined;
      throw reason;
    });
  }

  /** A server that does not answer is told without its address. */
  async #asking<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (reason) {
      if (!isDomainError(reason) || reason.code !== 'TEMPORAL_UNREACHABLE') throw reason;
      this.logger.warn({ err: reason }, 'Temporal does not answer');
      throw edgeError('SERVICE_UNAVAILABLE', 'The server of training runs does not answer at the moment; ask again');
    }
  }
}
