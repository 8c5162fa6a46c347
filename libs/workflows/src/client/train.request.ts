import type { RunActor, TrainInput, TrainOptions } from '../train.contract.ts';
import { defined, runIdOf } from './run.identity.ts';

/** A wish for one training run, before it has an id. */
export interface TrainRequest {
  /** `domain/model`. */
  readonly model: string;
  /** The model's own options, as the caller wrote them. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Bound of event time, ISO 8601; absent: now. */
  readonly asOf?: string;
  readonly seed?: number;
  readonly promote?: TrainOptions['promote'];
  /** What names the state of the domain's data now, such as a counter that every import raises. */
  readonly dataRevision: string;
  /** Says that a repeat of an identical run is wanted. */
  readonly idempotencyKey?: string;
  /** Who wishes; no part of what the run is. */
  readonly actor?: RunActor;
}

const defaults = { seed: 1, promote: 'when-gates-pass' } as const;

/**
 * `train/<domain>-<model>/<16 hex>`: the first 64 bits of the SHA-256 over model, options, data revision and idempotency
 * key. Equal wishes over equal data have equal ids, whatever the order of their options; an `asOf` that was not asked for
 * is no part of it.
 */
export function trainRunId(request: TrainRequest): string {
  const { model, options = {}, asOf = null, dataRevision, idempotencyKey = null } = request;
  const { seed, promote } = { ...defaults, ...defined({ seed: request.seed, promote: request.promote }) };
  return runIdOf('train', model, { model, options, asOf, seed, promote, dataRevision, idempotencyKey });
}

/** The input of the training workflow for a wish that is made at `now`. */
export function trainInput(request: TrainRequest, now: Date): TrainInput {
  const { model, options = {}, asOf = now.toISOString() } = request;
  return {
    runId: trainRunId(request),
    model,
    options: { ...defaults, ...defined({ seed: request.seed, promote: request.promote }), asOf, model: options },
    ...(request.actor && { actor: { subject: request.actor.subject, origin: request.actor.origin } }),
  };
}
