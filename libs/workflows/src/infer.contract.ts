import type { ModelRef } from '@haat/kit';
import type { CandidateRef, Metrics, RunActor, SnapshotRef } from './train.contract.ts';

/** Options of a run of inference, as JSON. */
export interface InferOptions {
  /** Bound of event time, ISO 8601. */
  readonly asOf: string;
  readonly seed: number;
  /** Independent chains, each a step of its own that any worker may take. */
  readonly chains: number;
  /** The model's own options (validated against its definition). */
  readonly model: Readonly<Record<string, unknown>>;
  /** A run whose answer is computed again, from what was known then and by its version, and compared instead of kept. */
  readonly replayOf?: string;
}

export interface InferInput {
  readonly runId: string;
  /** `domain/model`. */
  readonly model: string;
  readonly options: InferOptions;
  readonly actor?: RunActor;
}

/** What a run holds on to from its first step to its last: the champion when it began, and what was observed. */
export interface StatedProblem {
  readonly ref: ModelRef;
  readonly snapshot: SnapshotRef;
}

export interface InferResult extends StatedProblem {
  readonly metrics: Metrics;
}

export const inferSteps = ['state', 'sample', 'pool'] as const;
export type InferStep = (typeof inferSteps)[number];

/** What inference asks of the world. Every call may be repeated: a second one changes nothing. */
export interface InferActivities {
  /** Makes the run's row unless whoever started the run has made it. */
  openInference(call: InferInput): Promise<void>;
  beginInferStep(call: { runId: string; model: string; step: InferStep }): Promise<void>;
  /** Keeps what was observed as a file. Errors: NO_PARAMETERS, and the domain's own. */
  stateProblem(call: InferInput): Promise<StatedProblem>;
  /** Runs one chain in a process of its own; one that was interrupted goes on from its last checkpoint, to the same bytes. */
  runChain(call: InferInput & StatedProblem & { chain: number }): Promise<CandidateRef>;
  /** Makes one answer of all chains and keeps it in the domain, all or nothing; of a replay says how it differs. Errors: REPLAY_DIFFERS. */
  poolChains(call: InferInput & StatedProblem & { chains: readonly CandidateRef[] }): Promise<Metrics>;
  completeInference(call: { runId: string; result: InferResult }): Promise<void>;
  failInference(call: {
    runId: string;
    model: string;
    state: 'failed' | 'cancelled';
    code: string;
    message: string;
  }): Promise<void>;
}
