import {
  checkProblem,
  contactColumns,
  parseRiskRecord,
  symptomColumns,
  testColumns,
  type RiskProblem,
} from '../contract/index.ts';
import { contactIndex } from './contacts/contact.index.ts';
import { ChainRun, populationOf, posteriorOf, type SamplingPlan } from './sampler/index.ts';
import { transmissionInputSchema, type TransmissionContext, type TransmissionInput } from './transmission.model.ts';

/** Chains of a small case. */
const CHAINS = 2;
/** After so many sweeps groups of persons are drawn together: with another number, what was kept would no longer be replayed. */
export const GROUPS_EVERY = 2;

/**
 * P(S), P(E), P(I), P(R) of each person and day of a small case, [persons, days, 4]. The same input and parameters give the same
 * numbers. Errors: INVALID_RISK_RECORD, and what `checkProblem` throws.
 */
export function sampleTransmission(raw: unknown, context: TransmissionContext): { readonly state: Float64Array } {
  const input = parseRiskRecord(transmissionInputSchema, raw);
  const problem = problemOfInput(input, context);
  const { persons, days } = problem;
  const population = populationOf(problem, contactIndex(problem));
  const plan: SamplingPlan = {
    seed: input.seed,
    chains: CHAINS,
    warmUp: Math.ceil(input.sweeps / 4),
    sweeps: input.sweeps,
    marginalsEvery: 1,
    groupsEvery: GROUPS_EVERY,
    explain: [],
  };
  const sums = Array.from({ length: CHAINS }, (_, chain) => {
    const run = new ChainRun(population, plan, chain);
    while (!run.finished) run.step();
    return run.sums;
  });
  const posterior = posteriorOf(persons, days, sums);
  const state = new Float64Array(persons * days * 4);
  for (let person = 0; person < persons; person++) state.set(posterior.timeline(person).probability, person * days * 4);
  return { state };
}

/** The problem that an input states under parameters. Errors: what `checkProblem` throws. */
export function problemOfInput(
  { persons, days, contacts, tests, symptoms }: TransmissionInput,
  { parameters }: TransmissionContext,
): RiskProblem {
  const problem: RiskProblem = {
    persons,
    days,
    parameters,
    region: null,
    contacts: [contactColumns(contacts.map(({ units: count, ...contact }) => ({ ...contact, count })))],
    tests: testColumns(tests),
    symptoms: symptomColumns(symptoms),
    reporting: null,
    initial: null,
  };
  checkProblem(problem);
  return problem;
}
