import { meanOf } from '../durations.ts';
import { onsetRatio } from '../evidence/symptom.evidence.ts';
import type { Start } from '../starts.ts';
import type { Population } from './population.ts';

/**
 * How what is observed of a person speaks for a start, beside what it says of the days in E and I: tests by days since infection, and reports, or none, of an
 * onset before the window. Of somebody infectious the days since infection count with the mean duration of E.
 */
export class StartEvidence {
  readonly #population: Population;
  readonly #meanExposed: number;
  readonly #timed: boolean;

  constructor(population: Population) {
    this.#population = population;
    this.#meanExposed = Math.round(meanOf(population.exposed));
    this.#timed = population.tests.ratios.some(({ sinceInfection }) => sinceInfection !== null);
  }

  /** Logarithm of the factor, nat. */
  lnOf(person: number, { state, age }: Start): number {
    if (state === 3) return this.#lnSince(person, -Infinity);
    if (state === 1) return this.#lnSince(person, -age);
    const { days, reporting, symptoms, reports } = this.#population;
    const reported = reporting[person] === 1 ? onsetRatio(symptoms!, -age, days, reports.get(person) ?? []) : 1;
    return this.#lnSince(person, -age - this.#meanExposed) + Math.log(reported);
  }

  #lnSince(person: number, infected: number): number {
    if (!this.#timed) return 0;
    const { tests } = this.#population;
    let ln = 0;
    for (let k = tests.start[person]!; k < tests.start[person + 1]!; k++) {
      const { sinceInfection } = tests.ratios[tests.result[k]!]!;
      if (sinceInfection)
        ln += Math.log(sinceInfection[Math.min(tests.day[k]! - infected, sinceInfection.length - 1)]!);
    }
    return ln;
  }
}

/**
 * What the linear way knows of the starts of one person: their weights, and by days from the window's first the weights of entering I out of E, and of leaving I. Both
 * sums are all that marginals need, so that a start costs the longest duration once.
 */
export class StartWeights {
  /** Of the person at hand; empty: nothing is known from before the window. */
  starts: readonly Start[] = [];
  /** Weight of each start. */
  readonly weight: number[] = [];
  /** Sum of the weights, and of those in I or R, and in R. */
  total = 0;
  infectious = 0;
  removed = 0;
  /** [longest E + 1], [longest I + 1]: weights of entering I, and of leaving it, so many days after the window's first. */
  readonly entersI: Float64Array;
  readonly leavesI: Float64Array;

  readonly #population: Population;
  readonly #evidence: StartEvidence;
  /** Weights of days in the state at hand, from 1. */
  readonly #terms: Float64Array;

  constructor(population: Population) {
    const { exposed, infectious } = population;
    this.#population = population;
    this.#evidence = new StartEvidence(population);
    this.entersI = new Float64Array(exposed.longest + 1);
    this.leavesI = new Float64Array(infectious.longest + 1);
    this.#terms = new Float64Array(Math.max(exposed.longest, infectious.longest) + 1);
  }

  /** P(S) before anything of the window is known. */
  get susceptible(): number {
    let known = 0;
    for (const { probability } of this.starts) known += probability;
    return Math.max(0, 1 - known);
  }

  /**
   * @param enter weight of entering I on a day, constant behind the window
   * @param lasting factor of being infectious on a day after so many days of it; 1 behind the window
   */
  weigh(person: number, enter: Float64Array, lasting: (day: number, age: number) => number): void {
    const { starts } = this.#population;
    this.starts = starts.get(person) ?? none;
    this.total = this.infectious = this.removed = 0;
    if (this.starts.length === 0) return;
    this.weight.length = 0;
    this.entersI.fill(0);
    this.leavesI.fill(0);
    for (const start of this.starts) {
      const { state, probability } = start;
      const prior = probability * Math.exp(this.#evidence.lnOf(person, start));
      const sum = state === 3 ? 1 : this.terms(start, enter, lasting);
      const weight = prior * sum;
      this.weight.push(weight);
      this.total += weight;
      if (state !== 1) this.infectious += weight;
      if (state === 3) this.removed += weight;
      else this.#spread(start, prior);
    }
  }

  /** Weights of the days that a start in E or I still lasts, from 1 on; their sum. */
  terms({ state, age }: Start, enter: Float64Array, lasting: (day: number, age: number) => number): number {
    const { exposed, infectious } = this.#population;
    const { share, tail, longest } = state === 1 ? exposed : infectious;
    const scale = 1 / tail[age + 1]!;
    let product = scale;
    let sum = 0;
    for (let d = 1; d + age <= longest; d++) {
      if (state === 2) product *= lasting(d - 1, age + d - 1);
      const term = share[d + age]! * (state === 1 ? scale * enter[d]! : product);
      this.#terms[d] = term;
      sum += term;
    }
    return sum;
  }

  /** After `terms`: one of the numbers of days, by a number in (0, 1). */
  drawDays({ state, age }: Start, sum: number, uniform: number): number {
    const { exposed, infectious } = this.#population;
    const last = (state === 1 ? exposed : infectious).longest - age;
    let left = uniform * sum;
    let drawn = 1;
    for (let d = 1; d <= last && left >= 0; d++) {
      if (this.#terms[d]! > 0) drawn = d;
      left -= this.#terms[d]!;
    }
    return drawn;
  }

  #spread({ state, age }: Start, prior: number): void {
    const { exposed, infectious } = this.#population;
    const last = (state === 1 ? exposed : infectious).longest - age;
    const into = state === 1 ? this.entersI : this.leavesI;
    for (let d = 1; d <= last; d++) into[d]! += prior * this.#terms[d]!;
  }
}

const none: readonly Start[] = [];
