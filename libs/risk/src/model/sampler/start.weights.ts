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

/** Days of being infectious with one factor of infectivity. */
export interface RunningPhase {
  /** First and behind the last day of being infectious. */
  readonly from: number;
  readonly to: number;
  /** Running product of the factors of being infectious from day 0 to before a day; constant behind the window. */
  readonly run: { readonly values: Float64Array };
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
  readonly #enter: Float64Array;
  readonly #phases: readonly RunningPhase[];
  /** Weights of days in the state at hand, from 1. */
  readonly #terms: Float64Array;

  /**
   * @param enter weight of entering I on a day, constant behind the window; read by each `weigh`, as the phases are
   * @param phases of all days of being infectious, one after the other
   */
  constructor(population: Population, enter: Float64Array, phases: readonly RunningPhase[]) {
    const { exposed, infectious } = population;
    this.#population = population;
    this.#evidence = new StartEvidence(population);
    this.#enter = enter;
    this.#phases = phases;
    this.entersI = new Float64Array(exposed.longest + 1);
    this.leavesI = new Float64Array(infectious.longest + 1);
    this.#terms = new Float64Array(Math.max(exposed.longest, infectious.longest) + 1);
  }

  weigh(person: number): void {
    this.starts = this.#population.starts.get(person) ?? none;
    this.total = this.infectious = this.removed = 0;
    if (this.starts.length === 0) return;
    this.weight.length = 0;
    this.entersI.fill(0);
    this.leavesI.fill(0);
    for (const start of this.starts) {
      const { state, probability } = start;
      const prior = probability * Math.exp(this.#evidence.lnOf(person, start));
      const weight = prior * this.#lasting(start);
      this.weight.push(weight);
      this.total += weight;
      if (state !== 1) this.infectious += weight;
      if (state === 3) this.removed += weight;
      else this.#spread(start, prior);
    }
  }

  /** How many days more a start in E or I lasts, by a number in (0, 1). */
  drawDays(start: Start, uniform: number): number {
    const last = this.#most(start);
    let left = uniform * this.#lasting(start);
    let drawn = 1;
    for (let d = 1; d <= last && left >= 0; d++) {
      if (this.#terms[d]! > 0) drawn = d;
      left -= this.#terms[d]!;
    }
    return drawn;
  }

  /** Weights of the days that a start in E or I still lasts, from 1 on; their sum. */
  #lasting({ state, age }: Start): number {
    if (state === 3) return 1;
    return state === 1 ? this.#incubating(age) : this.#staying(age);
  }

  #incubating(age: number): number {
    const { share, tail, longest } = this.#population.exposed;
    const scale = 1 / tail[age + 1]!;
    let sum = 0;
    for (let d = 1; d + age <= longest; d++) sum += this.#terms[d] = share[d + age]! * scale * this.#enter[d]!;
    return sum;
  }

  #staying(age: number): number {
    const { share, tail } = this.#population.infectious;
    // Factor of the days before the phase at hand, over its running product there.
    let reach = 1 / tail[age + 1]!;
    let sum = 0;
    let before: Float64Array | null = null;
    for (const { from, to, run } of this.#phases) {
      if (to <= age) continue;
      const { values } = run;
      const begin = Math.max(0, from - age);
      if (before !== null) reach *= before[begin]! / values[begin]!;
      for (let d = begin + 1; d + age <= to; d++) sum += this.#terms[d] = share[d + age]! * reach * values[d]!;
      before = values;
    }
    return sum;
  }

  #spread(start: Start, prior: number): void {
    const last = this.#most(start);
    const into = start.state === 1 ? this.entersI : this.leavesI;
    for (let d = 1; d <= last; d++) into[d]! += prior * this.#terms[d]!;
  }

  /** Most days that a start in E or I still lasts. */
  #most({ state, age }: Start): number {
    const { exposed, infectious } = this.#population;
    return (state === 1 ? exposed : infectious).longest - age;
  }
}

const none: readonly Start[] = [];
