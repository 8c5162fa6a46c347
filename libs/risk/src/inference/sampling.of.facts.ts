import { checkProblem, personRoles, type RiskFacts } from '../contract/index.ts';
import { problemOf } from '../features/index.ts';
import {
  ChainRun,
  contactIndex,
  GROUPS_EVERY,
  populationOf,
  transmissionModel,
  type Population,
  type SamplingPlan,
  type TransmissionContext,
} from '../model/index.ts';
import { explainedPersons } from './explained.persons.ts';

/** Of the sweeps before any counts, the share that chains need that go on from where chains of the run before were: one in so many. */
const WARM = 5;

/** Seeds are below this: the number of a run in its row is added on top, so that no two of a row draw the same. */
const SEEDS = 2 ** 32;

/** What a chain of a run reads, and how long it goes. */
export interface Sampling {
  readonly population: Population;
  readonly plan: SamplingPlan;
}

/** Options of a run of inference, with their defaults. Throws a ZodError where they are none. */
export function inferenceOptions(raw: unknown) {
  return transmissionModel.inference!.parse(raw) as {
    readonly days: number;
    readonly sweeps: number;
    readonly burnIn: number;
    readonly explain: number;
  };
}

/** The sampling of a run: the same facts, parameters, options, seed and number of chains give the same one anywhere. */
export function samplingOf(
  facts: RiskFacts,
  { parameters }: TransmissionContext,
  { seed, chains, model }: { readonly seed: number; readonly chains: number; readonly model: unknown },
): Sampling {
  const { sweeps, burnIn, explain } = inferenceOptions(model);
  const { beginning } = facts;
  const problem = problemOf(facts, parameters);
  checkProblem(problem);
  const role = beginning?.role ?? new Uint8Array(problem.persons);
  const fixed = role.map((one) => Number(one === personRoles.fixed));
  const explained = explainedPersons(facts, explain);
  return {
    population: populationOf(problem, contactIndex(problem), fixed),
    plan: {
      seed: beginning ? seed + (beginning.turn + 1) * SEEDS : seed,
      chains,
      warmUp: beginning ? Math.ceil(burnIn / WARM) : burnIn,
      sweeps,
      marginalsEvery: 1,
      groupsEvery: GROUPS_EVERY,
      explain: explained.filter((person) => role[person] === personRoles.answered),
    },
  };
}

/** A chain of a run, at its beginning. */
export function beginChain({ population, plan }: Sampling, facts: RiskFacts, chain: number): ChainRun {
  const run = new ChainRun(population, plan, chain);
  const before = facts.beginning?.trajectories ?? [];
  if (before.length > 0) run.chain.state.take(before[chain % before.length]!);
  return run;
}
