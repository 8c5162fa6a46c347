import type { RiskProblem } from '../../contract/index.ts';
import { durationsOf, meanOf, type Durations } from '../durations.ts';
import { externalRates } from '../external.rates.ts';
import { startsOf, type Start } from '../starts.ts';

/**
 * One person's way through the window: the first days in E, I and R; `days` where there is none. Who was in a state before the window has
 * 0 there, and the true days, below 0, in `infected` and `onset`.
 */
export interface Trace {
  readonly exposed: number;
  readonly infectious: number;
  readonly removed: number;
  /** Day of infection. */
  readonly infected: number;
  /** First day of being infectious. */
  readonly onset: number;
}

/** Every trace of a person with the logarithm of its probability without contacts, nat; impossible ones are left out. */
export class TracePrior {
  readonly #days: number;
  readonly #exposed: Durations;
  readonly #infectious: Durations;
  readonly #rates: readonly Float64Array[];
  readonly #problem: RiskProblem;
  readonly #starts: ReadonlyMap<number, readonly Start[]>;

  constructor(problem: RiskProblem) {
    this.#problem = problem;
    this.#days = problem.days;
    this.#exposed = durationsOf(problem.parameters.exposed);
    this.#infectious = durationsOf(problem.parameters.infectious);
    this.#rates = externalRates(problem);
    this.#starts = startsOf(problem);
  }

  of(person: number, visit: (trace: Trace, lnPrior: number) => void): void {
    const days = this.#days;
    const rate = this.#rates[this.#problem.region?.[person] ?? 0]!;
    const starts = this.#starts.get(person);
    let lnEscaped = 0;
    for (let t = 0; t < days; t++) {
      const known = t === 0 && starts !== undefined;
      if (!known) this.#exposedFrom(t, 0, lnEscaped + Math.log(rate[t]!), visit);
      lnEscaped += known ? Math.log(Math.max(0, 1 - sum(starts))) : Math.log1p(-rate[t]!);
    }
    const never = { exposed: days, infectious: days, removed: days, infected: days, onset: days };
    if (lnEscaped > -Infinity) visit(never, lnEscaped);
    for (const { state, age, probability } of starts ?? []) {
      if (probability === 0) continue;
      const ln = Math.log(probability);
      const before = -age - Math.round(meanOf(this.#exposed));
      if (state === 1) this.#exposedFrom(0, age, ln - Math.log(this.#exposed.tail[age + 1]!), visit);
      else if (state === 2) {
        const trace = { exposed: 0, infectious: 0, infected: before, onset: -age };
        this.#infectiousFrom(trace, age, ln - Math.log(this.#infectious.tail[age + 1]!), visit);
      } else visit({ exposed: 0, infectious: 0, removed: 0, infected: -Infinity, onset: -Infinity }, ln);
    }
  }

  #exposedFrom(t: number, age: number, ln: number, visit: (trace: Trace, lnPrior: number) => void): void {
    const days = this.#days;
    const { share, tail, longest } = this.#exposed;
    const infected = t - age;
    for (let d = age + 1; d <= longest && t - age + d < days; d++) {
      const onset = infected + d;
      const trace = { exposed: t, infectious: onset, infected, onset };
      this.#infectiousFrom(trace, 0, ln + Math.log(share[d]!), visit);
    }
    const left = tail[Math.min(longest + 1, days - infected)]!;
    if (left > 0) visit({ exposed: t, infectious: days, removed: days, infected, onset: days }, ln + Math.log(left));
  }

  #infectiousFrom(
    trace: Omit<Trace, 'removed'>,
    age: number,
    ln: number,
    visit: (trace: Trace, lnPrior: number) => void,
  ): void {
    if (ln === -Infinity) return;
    const days = this.#days;
    const { share, tail, longest } = this.#infectious;
    for (let d = age + 1; d <= longest && trace.onset + d < days; d++) {
      if (share[d]! > 0) visit({ ...trace, removed: trace.onset + d }, ln + Math.log(share[d]!));
    }
    const left = tail[Math.min(longest + 1, days - trace.onset)]!;
    if (left > 0) visit({ ...trace, removed: days }, ln + Math.log(left));
  }
}

function sum(starts: readonly Start[]): number {
  return starts.reduce((total, { probability }) => total + probability, 0);
}
