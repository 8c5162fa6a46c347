import { checkProblem, type RiskFacts } from '../contract/index.ts';
import { problemOf } from '../features/index.ts';
import {
  contactIndex,
  GROUPS_EVERY,
  populationOf,
  transmissionModel,
  type Population,
  type SamplingPlan,
  type TransmissionContext,
} from '../model/index.ts';
import { explainedPersons } from './explained.persons.ts';

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
  const problem = problemOf(facts, parameters);
  checkProblem(problem);
  return {
    population: populationOf(problem, contactIndex(problem)),
    plan: {
      seed,
      chains,
      warmUp: burnIn,
      sweeps,
      marginalsEvery: 1,
      groupsEvery: GROUPS_EVERY,
      explain: explainedPersons(facts, explain),
    },
  };
}
