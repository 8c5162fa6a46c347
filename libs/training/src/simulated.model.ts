import type { ModelRegistry, RunLog } from '@haat/data-access';
import type { ModelDefinition, ModelRef } from '@haat/kit';
import type { Metrics } from '@haat/workflows';

/** What a simulation of policies begins with. */
export interface SimulationOf {
  readonly runId: string;
  readonly ref: ModelRef;
  /** What the champion's artifact holds: for a sampler its parameters. */
  readonly context: unknown;
  /** The model's own options, with their defaults. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly seed: number;
  readonly seeds: number;
}

/** A model under whose parameters policies meet simulated worlds: what its domain gives for that, and where it keeps runs and versions. */
export interface SimulatedModel {
  readonly definition: Pick<ModelDefinition, 'name' | 'simulation'>;
  /** Keeps what the run is to do, and answers the version that it holds on to: that of the first call for a run. */
  plan(simulation: SimulationOf): Promise<ModelRef>;
  /** Lets every policy meet the world of one seed, and keeps what comes of each as it comes. */
  simulate(
    runId: string,
    seed: number,
    observer: {
      readonly signal: AbortSignal;
      readonly onKept: (done: number, total: number, last: { readonly policy: string; readonly seed: number }) => void;
    },
  ): Promise<void>;
  summarise(runId: string): Promise<Metrics>;
  readonly registry: ModelRegistry;
  readonly runs: RunLog;
}
