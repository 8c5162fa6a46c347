import {
  dataRevision,
  type ApprovalLog,
  type Database,
  type ModelRegistry,
  type RunLog,
  type RunRecord,
} from '@haat/data-access';
import { domainOf, domainsOf, type Actor } from '@haat/kit';
import type { JsonObject } from '@haat/platform';
import { signalDecision, trainInput } from '@haat/workflows/client';
import { checkOptions } from './option.check.ts';
import type { RunStarter } from './run.starter.ts';
import type { TemporalLink } from './temporal.link.ts';

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

/** Starts training runs, and answers those that wait for an approval. */
export class TrainingService {
  constructor(
    private readonly database: Database,
    private readonly registry: ModelRegistry,
    private readonly runs: RunLog,
    private readonly approvals: ApprovalLog,
    private readonly starter: RunStarter,
    private readonly temporal: TemporalLink,
  ) {}

  /**
   * Starts a run of the stored card's model, or answers the one with the same options, data and key. The run is written
   * down before it starts, so that what Temporal knows is always known here.
   * @throws UNKNOWN_MODEL, INVALID_ARGUMENT, SERVICE_UNAVAILABLE
   */
  async train(wish: TrainWish, actor: Actor, now: Date): Promise<RunRecord> {
    const { model, options, seed, asOf, promote, approval, idempotencyKey } = wish;
    await this.check(model, options ?? {});
    const request = {
      model,
      options,
      seed,
      asOf: asOf?.toISOString(),
      promote: promote === false ? ('never' as const) : approval ? ('when-approved' as const) : undefined,
      dataRevision: String(await dataRevision(this.database, domainOf(model))),
      idempotencyKey,
    };
    return this.starter.start('train', trainInput(request, now), actor);
  }

  /** @throws UNKNOWN_MODEL, INVALID_ARGUMENT */
  async check(model: string, options: JsonObject): Promise<void> {
    const { card } = await this.registry.model(model);
    checkOptions(card, options);
  }

  /**
   * Answers a run that waits for an approval. The decision is written first and is what counts; the run is told of it, and
   * told again when the same is asked again.
   * @throws UNKNOWN_RUN, NOT_AWAITING_APPROVAL, ALREADY_DECIDED, SERVICE_UNAVAILABLE
   */
  async decide(id: string, state: 'approved' | 'rejected', actor: Actor, reason: string): Promise<RunRecord> {
    await this.runs.read(id, domainsOf(actor));
    const decided = await this.approvals.decide(id, state, { actor, reason });
    const who = { subject: decided.actor!, origin: decided.origin! };
    await this.temporal.ask((temporal) =>
      signalDecision(temporal, id, { state, actor: who, reason: decided.reason ?? '' }),
    );
    return this.runs.read(id);
  }
}
