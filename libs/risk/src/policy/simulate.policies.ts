import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { policyError } from './policy.errors.ts';
import { checkExperiment } from './experiment.check.ts';
import type { PolicyOutcome } from '../contract/index.ts';
import type { PolicyExperiment } from './policy.experiment.ts';

/** One run of one policy. */
export interface PolicyJob {
  readonly policy: string;
  readonly seed: number;
}

export type PolicyAnswer = { readonly outcome: PolicyOutcome } | { readonly failure: string };

export interface SimulatePoliciesOptions {
  /** Threads; each runs one policy on one seed at a time. Default 2. */
  readonly threads?: number;
  /** Outcomes of an earlier start of the same experiment: they are answered as they are, and not computed again. */
  readonly known?: readonly PolicyOutcome[];
  /** Called with each outcome as it comes, and how many of all there are; its thread waits for what is promised. */
  readonly onOutcome?: (outcome: PolicyOutcome, done: number, total: number) => void | Promise<void>;
  /** Ends the threads when it is aborted. */
  readonly signal?: AbortSignal;
  /** Arguments of Node for the threads; those of this process unless said otherwise. */
  readonly nodeArguments?: readonly string[];
}

const program = fileURLToPath(import.meta.resolve('#policy-worker'));

/**
 * Lets every policy of an experiment meet the outbreak of every seed. Outcomes come in the order of seeds, in each of policies, whatever the number of
 * threads; each is a function of (experiment, policy, seed) alone, so that one that was kept need not be computed again.
 *
 * Errors: INVALID_EXPERIMENT, POLICY_RUN_FAILED, the signal's reason when it is aborted.
 */
export async function simulatePolicies(
  experiment: PolicyExperiment,
  { threads = 2, known = [], onOutcome, signal, nodeArguments }: SimulatePoliciesOptions = {},
): Promise<readonly PolicyOutcome[]> {
  checkExperiment(experiment);
  signal?.throwIfAborted();
  const jobs = experiment.seeds.flatMap((seed) =>
    experiment.policies.map(({ name }): PolicyJob => ({ policy: name, seed })),
  );
  const outcomes = jobs.map(({ policy, seed }) => known.find((one) => one.policy === policy && one.seed === seed));
  const waiting = jobs.map((_, at) => at).filter((at) => outcomes[at] === undefined);
  let done = jobs.length - waiting.length;
  const work = async () => {
    if (waiting.length === 0) return;
    const worker = new Worker(program, {
      workerData: experiment,
      ...(nodeArguments && { execArgv: [...nodeArguments] }),
    });
    try {
      for (let at = waiting.shift(); at !== undefined; at = waiting.shift()) {
        const outcome = await ask(worker, jobs[at]!, signal);
        outcomes[at] = outcome;
        await onOutcome?.(outcome, ++done, jobs.length);
      }
    } finally {
      waiting.length = 0;
      await worker.terminate();
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: threads }, work));
  for (const each of ended) if (each.status === 'rejected') throw each.reason;
  return outcomes as readonly PolicyOutcome[];
}

async function ask(worker: Worker, job: PolicyJob, signal: AbortSignal | undefined): Promise<PolicyOutcome> {
  signal?.throwIfAborted();
  const place = `Policy "${job.policy}" on seed ${job.seed}`;
  worker.postMessage(job);
  let answer: PolicyAnswer;
  try {
    [answer] = (await once(worker, 'message', signal ? { signal } : {})) as [PolicyAnswer];
  } catch (cause) {
    signal?.throwIfAborted();
    throw policyError('POLICY_RUN_FAILED', `${place}: its thread ended`, { ...job }, cause);
  }
  if ('failure' in answer) throw policyError('POLICY_RUN_FAILED', `${place} failed: ${answer.failure}`, { ...job });
  return answer.outcome;
}
