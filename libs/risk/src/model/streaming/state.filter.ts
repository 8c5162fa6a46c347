import type { RiskProblem } from '../../contract/index.ts';
import { durationsOf, meanOf, type Durations } from '../durations.ts';
import { reportsOf } from '../evidence/symptom.evidence.ts';
import { testEvidence, type TestEvidence } from '../evidence/test.evidence.ts';
import type { Start } from '../starts.ts';

/**
 * The law of one person's state, and since when, on one day, given what was observed of it before: a forward filter of the semi-Markov model, day by day. After `observe` and
 * `pass` the day is the next one.
 */
export class StateFilter {
  susceptible = 1;
  /** [longest E], [longest I]: P(in the state, entered so many days ago). */
  readonly exposed: Float64Array;
  readonly infectious: Float64Array;
  removed = 0;

  readonly #problem: RiskProblem;
  readonly #tests: TestEvidence;
  readonly #reports: ReadonlyMap<number, readonly number[]>;
  readonly #leavesE: Float64Array;
  readonly #leavesI: Float64Array;
  readonly #meanExposed: number;
  /** [longest I]: P(the onset is reported on a day), so many days after it and not before. */
  readonly #reported: Float64Array;

  constructor(problem: RiskProblem) {
    const { parameters } = problem;
    const [exposed, infectious] = [durationsOf(parameters.exposed), durationsOf(parameters.infectious)];
    this.#problem = problem;
    this.#tests = testEvidence(problem);
    this.#reports = reportsOf(problem);
    this.#leavesE = hazardOf(exposed);
    this.#leavesI = hazardOf(infectious);
    this.#meanExposed = Math.round(meanOf(exposed));
    this.exposed = new Float64Array(exposed.longest);
    this.infectious = new Float64Array(infectious.longest);
    this.#reported = new Float64Array(infectious.longest);
    const { symptoms } = parameters;
    let silent = 1;
    for (let age = 0; symptoms !== null && age < infectious.longest; age++) {
      const p = symptoms.reported * (symptoms.delay[age] ?? 0);
      this.#reported[age] = p / silent;
      silent -= p;
    }
  }

  /** @param rate P(infection from outside) on the first day, where nothing is known from before; ages beyond the longest duration count as the last before it */
  begin(starts: readonly Start[] | undefined, rate: number): void {
    this.exposed.fill(0);
    this.infectious.fill(0);
    this.removed = 0;
    this.susceptible = 1;
    const add = (state: number, age: number, p: number) => {
      this.susceptible -= p;
      if (state === 3) this.removed += p;
      else {
        const of = state === 1 ? this.exposed : this.infectious;
        of[Math.min(age, of.length - 1)]! += p;
      }
    };
    if (starts === undefined) add(1, 0, rate);
    else for (const { state, age, probability } of starts) add(state, age, probability);
    this.susceptible = Math.max(0, this.susceptible);
  }

  /** Takes in the tests and reports, or silence, of a person on a day. */
  observe(person: number, day: number): void {
    const { start, day: on, result, ratios } = this.#tests;
    for (let k = start[person]!; k < start[person + 1]!; k++) {
      if (on[k] === day) this.#test(ratios[result[k]!]!);
    }
    const { reporting, parameters } = this.#problem;
    const reports = this.#reports.get(person);
    if (parameters.symptoms !== null && (reports !== undefined || (reporting?.[person] ?? 1) === 1)) {
      const { falseReports } = parameters.symptoms;
      const told = reports?.includes(day) ?? false;
      this.infectious.forEach((p, age) => {
        const h = this.#reported[age]!;
        this.infectious[age] = p * (1 - h + (told ? h / falseReports : 0));
      });
    }
    this.#normalise();
  }

  /** To the next day. @param escape P(not infected until then), of somebody in S */
  pass(escape: number): void {
    this.removed += agedBy(this.infectious, this.#leavesI);
    const onset = agedBy(this.exposed, this.#leavesE);
    this.infectious[0] = onset;
    this.exposed[0] = this.susceptible * (1 - escape);
    this.susceptible *= escape;
  }

  #test({ E, I, S, sinceInfection }: TestEvidence['ratios'][number]): void {
    const since = (days: number) => sinceInfection?.[Math.min(days, sinceInfection.length - 1)] ?? 1;
    this.susceptible *= S;
    this.exposed.forEach((p, age) => (this.exposed[age] = p * E * since(age)));
    this.infectious.forEach((p, age) => (this.infectious[age] = p * I * since(age + this.#meanExposed)));
    this.removed *= since(Infinity);
  }

  #normalise(): void {
    const sum = (of: Float64Array) => of.reduce((total, p) => total + p, 0);
    const total = this.susceptible + sum(this.exposed) + sum(this.infectious) + this.removed;
    this.susceptible /= total;
    this.removed /= total;
    this.exposed.forEach((p, age) => (this.exposed[age] = p / total));
    this.infectious.forEach((p, age) => (this.infectious[age] = p / total));
  }
}

/** [longest]: P(the state is left on the next day), so many days after entering it. */
function hazardOf({ share, tail, longest }: Durations): Float64Array {
  return Float64Array.from({ length: longest }, (_, age) => share[age + 1]! / tail[age + 1]!);
}

/** Makes everybody in a state a day older; answers how many leave it. */
function agedBy(byAge: Float64Array, leaves: Float64Array): number {
  let left = 0;
  for (let age = byAge.length - 1; age >= 0; age--) {
    const p = byAge[age]!;
    const gone = p * leaves[age]!;
    left += gone;
    if (age + 1 < byAge.length) byAge[age + 1] = p - gone;
  }
  byAge[0] = 0;
  return left;
}
