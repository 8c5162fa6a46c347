import {
  dataAccessError,
  dataRevision,
  type ApprovalLog,
  type Database,
  type ModelRegistry,
  type RunLog,
  type RunRecord,
} from '@haat/data-access';
import { domainOf, isDomainError, permits, type Actor } from '@haat/kit';
import { edgeError, type JsonObject, type Logger } from '@haat/platform';
import {
  cancelRun,
  connectTemporal,
  signalDecision,
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
  /** Asks for an approval also where the model's policy does not. */
  readonly approval?: boolean;
  readonly idempotencyKey?: string;
}

/** Starts and cancels training runs. Connects to Temporal when it is first needed: reading needs none. */
export class TrainingService {
  #temporal: Promise<Temporal> | undefined;

  constructor(
    private readonly database: Database,
    private readonly registry: ModelRegistry,
    private readonly runs: RunLog,
    private readonly approvals: ApprovalLog,
    private readonly options: TemporalOptions,
    private readonly logger: Logger,
  ) {}

  /**
   * Starts a run of the stored card's model, or answers the one with the same options, data and key. The run is written
   * down before it starts, so that what Temporal knows is always known here.
   * @throws UNKNOWN_MODEL, INVALID_ARGUMENT, SERVICE_UNAVAILABLE
   */
  async train(wish: TrainWish, actor: Actor, now: Date): Promise<RunRecord> {
    const { model, options, seed, asOf, promote, approval, idempotencyKey } = wish;
    const { card } = await this.registry.model(model);
    checkOptions(card, options ?? {});
    const request = {
      model,
      options,
      seed,
      asOf: asOf?.toISOString(),
      promote: promote === false ? ('never' as const) : approval ? ('when-approved' as const) : undefined,
      dataRevision: String(await dataRevision(this.database, domainOf(model))),
      idempotencyKey,
      actor,
    };
    const input = trainInput(request, now);
    const temporal = await this.#connected();
    await this.runs.create({ id: input.runId, kind: 'train', model, options: { ...input.options } }, { actor });
    await this.#asking(() => startTraining(temporal, input));
    return this.runs.read(input.runId);
  }

  /** Asks a run to stop; it has stopped when its state says so. @throws UNKNOWN_RUN, SERVICE_UNAVAILABLE */
  async cancel(id: string): Promise<RunRecord> {
    await this.runs.read(id);
    const temporal = await this.#connected();
    await this.#asking(() => cancelRun(temporal, id));
    return this.runs.read(id);
  }

  /**
   * Answers a run that waits for an approval. The decision is written first and is what counts; the run is told of it, and
   * told again when the same is asked again.
   * @throws UNKNOWN_RUN, NOT_AWAITING_APPROVAL, ALREADY_DECIDED, SERVICE_UNAVAILABLE
   */
  async decide(id: string, state: 'approved' | 'rejected', actor: Actor, reason: string): Promise<RunRecord> {
    const { model } = await this.runs.read(id);
    if (!permits(actor, 'operator', domainOf(model))) {
      throw dataAccessError('UNKNOWN_RUN', `Run "${id}" is not known`, { run: id });
    }
    const decided = await this.approvals.decide(id, state, { actor, reason });
    const who = { subject: decided.actor!, origin: decided.origin! };
    const temporal = await this.#connected();
    await this.#asking(() => signalDecision(temporal, id, { state, actor: who, reason: decided.reason ?? '' }));
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
