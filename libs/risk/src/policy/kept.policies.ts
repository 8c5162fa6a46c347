import type { PlannedPolicies, PolicyOutcome } from '../contract/index.ts';
import { policyOptionsSchema } from '../model/index.ts';
import { cityExperiment, seedsFrom } from './city.experiment.ts';
import type { PolicyExperiment } from './policy.experiment.ts';
import { summarise } from './policy.summary.ts';
import { simulatePolicies, type SimulatePoliciesOptions } from './simulate.policies.ts';

/** Where simulations and their outcomes are kept. */
export interface PolicyLog {
  plan(planned: PlannedPolicies): Promise<PlannedPolicies>;
  planned(run: string): Promise<PlannedPolicies>;
  keep(run: string, outcome: PolicyOutcome): Promise<void>;
  outcomes(planned: PlannedPolicies, seed?: number): Promise<readonly PolicyOutcome[]>;
  done(run: string): Promise<number>;
}

/** The experiment of a planned simulation. Errors: INVALID_EXPERIMENT. */
export function plannedExperiment({ options, parameters, seed, seeds }: PlannedPolicies): PolicyExperiment {
  return cityExperiment(policyOptionsSchema.parse(options), parameters, seedsFrom(seed, seeds));
}

/** Keeps what a simulation is to do, where it makes sense, and answers the version that it holds on to. Errors: INVALID_EXPERIMENT. */
export async function planPolicies(log: PolicyLog, planned: PlannedPolicies): Promise<PlannedPolicies['ref']> {
  plannedExperiment(planned);
  return (await log.plan(planned)).ref;
}

/**
 * Lets every policy of a planned simulation meet the outbreak of one seed, and keeps what comes of each as it comes: what was kept before is not computed again.
 * Errors: UNKNOWN_SIMULATION, POLICY_RUN_FAILED, the signal's reason when it is aborted.
 */
export async function simulateSeed(
  log: PolicyLog,
  run: string,
  seed: number,
  {
    onKept,
    ...options
  }: Pick<SimulatePoliciesOptions, 'signal' | 'nodeArguments'> & {
    /** Called with how many of all runs are kept. */
    readonly onKept: (done: number, total: number, last: PolicyOutcome) => void;
  },
): Promise<void> {
  const planned = await log.planned(run);
  const experiment = plannedExperiment(planned);
  const total = experiment.seeds.length * experiment.policies.length;
  await simulatePolicies(
    { ...experiment, seeds: [seed] },
    {
      ...options,
      threads: 1,
      known: await log.outcomes(planned, seed),
      async onOutcome(outcome) {
        await log.keep(run, outcome);
        onKept(await log.done(run), total, outcome);
      },
    },
  );
}

/** What the run of a simulation tells when it ends: shares of persons infected, by policy. */
export async function policyMetrics(log: PolicyLog, run: string): Promise<Readonly<Record<string, number>>> {
  const outcomes = await log.outcomes(await log.planned(run));
  const infected = summarise(outcomes).map(({ policy, infected: { mean } }) => [`infected: ${policy}`, mean]);
  return { runs: outcomes.length, ...Object.fromEntries(infected) };
}
