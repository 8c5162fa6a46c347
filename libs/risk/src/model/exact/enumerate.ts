import { checkProblem, riskError, type RiskProblem } from '../../contract/index.ts';
import { externalRates } from '../external.rates.ts';
import { components } from './components.ts';
import { JointSum, jointSteps } from './joint.sum.ts';
import { pairExposures } from './pair.exposures.ts';
import { TraceGrouping } from './trace.groups.ts';

/** Steps of enumeration that `enumerate` takes without being asked for more: some seconds. */
export const ENUMERATION_STEPS = 2e9;

export interface ExactRisk {
  /** [persons, days, 4]: P(S), P(E), P(I), P(R) given everything observed. */
  readonly probability: Float64Array;
  /** ln P(everything observed), contacts taken as given, nat. */
  readonly logEvidence: number;
}

/**
 * Exact marginals by enumeration of joint trajectories, those of persons who never met apart. Trajectories that act alike are one
 * ([groups](./trace.groups.ts)), so that the steps are the product of the numbers of groups in a component, about (contact days)^(2 persons).
 * Rounding aside the result is exact: probabilities to about 1e-13.
 *
 * @param limit most steps for one component
 * @throws what `checkProblem` throws, TOO_MANY_TRAJECTORIES, IMPOSSIBLE_EVIDENCE
 */
export function enumerate(problem: RiskProblem, limit = ENUMERATION_STEPS): ExactRisk {
  checkProblem(problem);
  const { persons, days, region } = problem;
  const exposures = pairExposures(problem);
  const grouping = new TraceGrouping(problem);
  const rates = externalRates(problem);
  const probability = new Float64Array(persons * days * 4);
  let logEvidence = 0;
  for (const members of components(persons, exposures)) {
    const within = new Set(members);
    const own = members.length === 1 ? [] : exposures.filter(({ from }) => within.has(from));
    const grouped = members.map((person) => grouping.of(person, own)).sort((a, b) => a.groups.length - b.groups.length);
    const steps = jointSteps(grouped);
    if (steps > limit) {
      const expected = `at most ${limit.toExponential()} steps of enumeration`;
      throw riskError(
        'TOO_MANY_TRAJECTORIES',
        `The ${members.length} persons around person ${members[0]}: expected ${expected}, got ${steps.toExponential(1)}: sample them instead`,
        { person: members[0], persons: members.length, steps, limit },
      );
    }
    const joint = new JointSum(grouped, (person, day) => rates[region?.[person] ?? 0]![day]!);
    const { total, mass } = joint.sum();
    if (!(total > 0)) {
      throw riskError(
        'IMPOSSIBLE_EVIDENCE',
        `The ${members.length} persons around person ${members[0]}: nothing that can happen gives what was observed of them`,
        { person: members[0] },
      );
    }
    logEvidence += Math.log(total);
    grouped.forEach(({ person, groups, lnScale }, at) => {
      logEvidence += lnScale;
      const into = probability.subarray(person * days * 4, (person + 1) * days * 4);
      groups.forEach(({ weight, states }, g) => {
        const share = mass[at]![g]! / total / weight;
        for (let cell = 0; cell < into.length; cell++) into[cell]! += share * states[cell]!;
      });
    });
  }
  return { probability, logEvidence };
}
