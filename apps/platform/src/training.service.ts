import {
  dataAccessError,
  dataRevision,
  type ApprovalLog,
  type Database,
  type ModelRegistry,
  type RunLog,
  type RunRecord,
} from '@haat/data-access';
import { domainOf, permits, type Actor } from '@haat/kit';
import type { JsonObject } from '@haat/platform';
import { cancelRun, signalDecision, startTraining, trainInput } from '@haat/workflows/client';
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
  /** Asks for an approval also where the model's policy does not. */
  readonly approval?: boolean;
  readonly idempotencyKey?: string;
}

/** Starts training runs, and cancels runs of any kind. */
export class TrainingService {
  constructor(
    private readonly database: Database,
    private readonly registry: ModelRegistry,
    private readonly runs: RunLog,
    private readonly approvals: ApprovalLog,
    private readonly temporal: TemporalLink,
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
    await this.temporal.ask(async (temporal) => {
      await this.runs.create({ id: input.runId, kind: 'train', model, options: { ...input.options } }, { actor });
      await startTraining(temporal, input);
    });
    return this.runs.read(input.runId);
  }

  /** Asks a run of one of `domains` to stop; it has stopped when its state says so. @throws UNKNOWN_RUN, SERVICE_UNAVAILABLE */
  async cancel(id: string, domains: readonly string[] | undefined): Promise<RunRecord> {
    await this.runs.read(id, domains);
    await this.temporal.ask((temporal) => cancelRun(temporal, id));
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
    await this.temporal.ask((temporal) =>
      signalDecision(temporal, id, { state, actor: who, reason: decided.reason ?? '' }),
    );
    return this.runs.read(id);
  }
}
