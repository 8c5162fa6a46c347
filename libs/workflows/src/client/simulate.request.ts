import type { SimulateInput } from '../simulate.contract.ts';
import { runIdOf } from './run.identity.ts';

/** A wish for one simulation of policies, before it has an id. */
export interface SimulateRequest {
  /** `domain/model`. */
  readonly model: string;
  /** The model's own options, as the caller wrote them. */
  readonly options?: Readonly<Record<string, unknown>>;
  readonly seed?: number;
  readonly seeds?: number;
  /** The version whose parameters hold: another champion is another simulation. */
  readonly version: number | null;
  /** Says that a repeat of an identical run is wanted. */
  readonly idempotencyKey?: string;
}

/** Worlds of a run that names no number: enough for an interval. */
const SEEDS = 10;

/** The input of the workflow for a wish. Equal wishes under one version have one id. */
export function simulateInput(request: SimulateRequest): SimulateInput {
  const { model, options = {}, seed = 1, seeds = SEEDS, version, idempotencyKey = null } = request;
  const identity = { model, options, seed, seeds, version, idempotencyKey };
  return { runId: runIdOf('simulate', model, identity), model, options: { seed, seeds, model: options } };
}
