import type { ModelRef } from '@haat/kit';
import type { Metrics, RunActor } from './train.contract.ts';

/** Options of a run that simulates policies, as JSON. */
export interface SimulateOptions {
  /** First seed of the worlds. */
  readonly seed: number;
  /** How many worlds there are, each a step of its own that any worker may take. */
  readonly seeds: number;
  /** The model's own options (validated against its definition). */
  readonly model: Readonly<Record<string, unknown>>;
}

export interface SimulateInput {
  readonly runId: string;
  /** `domain/model`. */
  readonly model: string;
  readonly options: SimulateOptions;
  readonly actor?: RunActor;
}

export interface SimulateResult {
  /** The champion when the run began. */
  readonly ref: ModelRef;
  readonly metrics: Metrics;
}

export const simulateSteps = ['plan', 'simulate', 'summarise'] as const;
export type SimulateStep = (typeof simulateSteps)[number];

/** What a simulation of policies asks of the world. Every call may be repeated: a second one changes nothing. */
export interface SimulateActivities {
  /** Makes the run's row unless whoever started the run has made it. */
  openSimulation(call: SimulateInput): Promise<void>;
  beginSimulateStep(call: { runId: string; model: string; step: SimulateStep }): Promise<void>;
  /** Keeps what the run is to do, under the champion's parameters. Errors: NO_PARAMETERS, INVALID_OPTIONS, and the domain's own. */
  planSimulation(call: SimulateInput): Promise<ModelRef>;
  /** Lets every policy meet the world of one seed. What was kept by an attempt before this one is not computed again. */
  simulateSeed(call: { runId: string; model: string; seed: number }): Promise<void>;
  summariseSimulation(call: { runId: string; model: string }): Promise<Metrics>;
  completeSimulation(call: { runId: string; result: SimulateResult }): Promise<void>;
  failSimulation(call: {
    runId: string;
    model: string;
    state: 'failed' | 'cancelled';
    code: string;
    message: string;
  }): Promise<void>;
}
