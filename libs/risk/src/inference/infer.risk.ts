import { checkProblem, riskError, type RiskPosterior, type RiskProblem } from '../contract/index.ts';
import {
  contactIndex,
  countedSweeps,
  enumerateSmallClusters,
  posteriorOf,
  type ChainCheckpoint,
  type SamplingPlan,
} from '../model/index.ts';
import { runChains } from './chain.threads.ts';

/** Sampling where the caller does not say otherwise: enough for a hundredth, where R-hat agrees. */
const defaults: SamplingPlan = {
  seed: 1,
  chains: 4,
  warmUp: 100,
  sweeps: 400,
  marginalsEvery: 2,
  groupsEvery: 4,
  explain: [],
};

/** Steps of enumeration spent on a small cluster: some milliseconds. */
const CLUSTER_STEPS = 1e6;

/** Milliseconds between two looks at how far chains are. */
const LOOK_MS = 200;

export interface InferenceOptions extends Partial<SamplingPlan> {
  /** Threads beside the caller's; 0: in the caller's, between its other work. The answer does not depend on them. Default 1. */
  readonly threads?: number;
  /** Most steps of enumeration for each cluster of two to five persons; 0: all are sampled. Default 1e6. */
  readonly clusterSteps?: number;
  /** Where chains go on, by their number: what `onCheckpoint` gave for the same problem and plan. */
  readonly resume?: ReadonlyMap<number, ChainCheckpoint>;
  /** Sweeps between two checkpoints of a chain. */
  readonly checkpointEvery?: number;
  readonly onCheckpoint?: (chain: number, checkpoint: ChainCheckpoint) => void;
  /** Told now and then the sweeps that are done, of all chains, and how many there are to be. */
  readonly onProgress?: (done: number, all: number) => void;
  /** Stops the chains at their next sweep; each gives a checkpoint. */
  readonly signal?: AbortSignal;
  /** Arguments of Node in threads; default: those of this process. */
  readonly nodeArguments?: readonly string[];
}

/**
 * The posterior of a problem: chains in threads over shared contacts, and enumeration of small clusters. The same problem, seed and plan give the
 * same answer, to the bit, whatever the threads, pauses and order of rows.
 *
 * @throws what `checkProblem` throws, INVALID_SAMPLING, TOO_MANY_EXPOSURES, IMPOSSIBLE_EVIDENCE, INFERENCE_STOPPED, INFERENCE_FAILED
 */
export async function inferRisk(problem: RiskProblem, options: InferenceOptions = {}): Promise<RiskPosterior> {
  const plan = planOf(options);
  checkProblem(problem);
  checkPlan(plan, problem.persons, options.threads ?? 1);
  const { clusterSteps = CLUSTER_STEPS, signal, resume = new Map(), checkpointEvery = null } = options;
  const exact = clusterSteps > 0 ? enumerateSmallClusters(problem, clusterSteps) : new Map<number, Float64Array>();
  const contacts = contactIndex(problem);
  const { contacts: _, ...observations } = problem;
  const control = new Int32Array(new SharedArrayBuffer((plan.chains + 1) * 4));
  const stop = () => void Atomics.store(control, 0, 1);
  signal?.addEventListener('abort', stop);
  if (signal?.aborted) stop();
  const all = plan.chains * (plan.warmUp + plan.sweeps);
  const done = () => control.subarray(1).reduce((sum, sweeps) => sum + sweeps, 0);
  const { onProgress } = options;
  const looking = onProgress && setInterval(() => onProgress(done(), all), LOOK_MS);
  try {
    const sums = await runChains(
      { observations, contacts, plan, resume, checkpointEvery, control },
      { threads: options.threads ?? 1, nodeArguments: options.nodeArguments, onCheckpoint: options.onCheckpoint },
    );
    if (sums.size < plan.chains) {
      throw riskError('INFERENCE_STOPPED', `Chains were stopped after ${done()} of ${all} sweeps`, {
        done: done(),
        all,
      });
    }
    const inOrder = Array.from({ length: plan.chains }, (_, chain) => sums.get(chain)!);
    return posteriorOf(problem.persons, problem.days, inOrder, exact);
  } finally {
    clearInterval(looking);
    signal?.removeEventListener('abort', stop);
  }
}

function planOf(options: InferenceOptions): SamplingPlan {
  const {
    seed = defaults.seed,
    chains = defaults.chains,
    warmUp = defaults.warmUp,
    sweeps = defaults.sweeps,
    marginalsEvery = defaults.marginalsEvery,
    groupsEvery = defaults.groupsEvery,
    explain = defaults.explain,
  } = options;
  return { seed, chains, warmUp, sweeps, marginalsEvery, groupsEvery, explain };
}

function checkPlan(plan: SamplingPlan, persons: number, threads: number): void {
  const least = { seed: 0, chains: 1, warmUp: 0, sweeps: 1, marginalsEvery: 1, groupsEvery: 0 };
  for (const [name, low] of Object.entries({ ...least, threads: 0 })) {
    const value = { ...plan, threads }[name as keyof typeof least | 'threads'];
    if (!Number.isSafeInteger(value) || value < low) refuse(name, `a whole number of at least ${low}`, value);
  }
  if (countedSweeps(plan) === 0) refuse('marginalsEvery', `at most ${plan.sweeps}, the sweeps`, plan.marginalsEvery);
  const missing = plan.explain.find((person) => !Number.isSafeInteger(person) || person < 0 || person >= persons);
  if (missing !== undefined) refuse('explain', `persons below ${persons}`, missing);
  if (new Set(plan.explain).size < plan.explain.length) refuse('explain', 'each person once', plan.explain.join());
}

function refuse(field: string, expected: string, got: unknown): never {
  throw riskError('INVALID_SAMPLING', `Sampling: field ${field}: expected ${expected}, got ${String(got)}`, {
    field,
    expected,
    got,
  });
}
