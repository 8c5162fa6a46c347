import { riskStates, type RiskProblem, type TestKind } from '../../contract/index.ts';
import type { Trace } from '../exact/traces.ts';
import { onsetRatio, reportsOf } from './symptom.evidence.ts';

interface Test {
  readonly day: number;
  readonly kind: TestKind;
  readonly positive: boolean;
}

/** The logarithm of the probability of what was observed of a person, given a trace: day by day, as the model says it. */
export class TraceEvidence {
  readonly #problem: RiskProblem;
  readonly #tests = new Map<number, Test[]>();
  readonly #reports: ReadonlyMap<number, readonly number[]>;

  constructor(problem: RiskProblem) {
    this.#problem = problem;
    const { rows, person, day, kind, positive } = problem.tests;
    for (let row = 0; row < rows; row++) {
      const own = this.#tests.get(person[row]!) ?? [];
      if (own.length === 0) this.#tests.set(person[row]!, own);
      own.push({
        day: day[row]!,
        kind: problem.parameters.tests[kind[row]!]!,
        positive: positive[row] === 1,
      });
    }
    this.#reports = reportsOf(problem);
  }

  /** Nat. */
  of(person: number, trace: Trace): number {
    let ln = this.#symptoms(person, trace.onset);
    for (const { day, kind, positive } of this.#tests.get(person) ?? []) {
      const p = positiveGiven(kind, trace, day);
      ln += Math.log(positive ? p : 1 - p);
    }
    return ln;
  }

  #symptoms(person: number, onset: number): number {
    const { days, parameters, reporting } = this.#problem;
    const { symptoms } = parameters;
    const reports = this.#reports.get(person) ?? [];
    if (symptoms === null || (reporting !== null && reporting[person] === 0 && reports.length === 0)) return 0;
    const { falseReports } = symptoms;
    const without = reports.length * Math.log(falseReports) + (days - reports.length) * Math.log1p(-falseReports);
    return without + (onset < days && onset > -Infinity ? Math.log(onsetRatio(symptoms, onset, days, reports)) : 0);
  }
}

/** P(positive) of a test on a day. */
export function positiveGiven(kind: TestKind, trace: Omit<Trace, 'onset'>, day: number): number {
  if ('positive' in kind) return kind.positive[stateOn(trace, day)];
  const { uninfected, sinceInfection } = kind;
  if (day < trace.exposed) return uninfected;
  return sinceInfection[Math.min(day - trace.infected, sinceInfection.length - 1)]!;
}

function stateOn({ exposed, infectious, removed }: Omit<Trace, 'onset'>, day: number) {
  return riskStates[Number(day >= exposed) + Number(day >= infectious) + Number(day >= removed)]!;
}
