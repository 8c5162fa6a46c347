import type { Start } from '../starts.ts';
import type { Conditional } from './conditional.ts';
import type { Population } from './population.ts';
import { StartEvidence } from './start.weights.ts';
import type { Surroundings } from './surroundings.ts';

/**
 * The same law as `LinearConditional`, in logarithms: slower by an order of magnitude, for what leaves the range of products.
 */
export class LogConditional implements Conditional {
  exposed = 0;
  infectious = 0;
  removed = 0;
  lead = 0;
  readonly entersE: Float64Array;
  readonly entersI: Float64Array;
  readonly entersR: Float64Array;

  readonly #population: Population;
  readonly #lnExposed: Float64Array;
  readonly #lnInfectious: Float64Array;
  readonly #evidence: StartEvidence;
  /** [phases, days + 1]: logarithm of the product of the factors of being infectious before a day. */
  readonly #run: Float64Array;
  /** [days]: logarithm of the sum over days of leaving I. */
  readonly #leave: Float64Array;
  /** [days + 1]: logarithm of the weight of entering I on a day; the last: behind the window. */
  readonly #enter: Float64Array;
  /** [days]: logarithm of the weight of infection on a day. */
  readonly #weight: Float64Array;
  readonly #incubate: Float64Array;
  readonly #terms: Float64Array;
  /** Of the person at hand. */
  #starts: readonly Start[] = [];
  #startWeight: Float64Array = new Float64Array(0);
  #never = 0;
  #infected = 0;
  #total = 0;

  constructor(population: Population) {
    const { days, exposed, infectious, exposure } = population;
    this.#population = population;
    this.#lnExposed = exposed.share.map(Math.log);
    this.#lnInfectious = infectious.share.map(Math.log);
    this.#evidence = new StartEvidence(population);
    this.#run = new Float64Array(exposure.phases.length * (days + 1));
    this.#leave = new Float64Array(days);
    this.#enter = new Float64Array(days + 1);
    this.#incubate = new Float64Array(days);
    this.#weight = new Float64Array(days);
    this.#terms = new Float64Array(Math.max(exposed.longest, infectious.longest) + 1);
    this.entersE = new Float64Array(days);
    this.entersI = new Float64Array(days);
    this.entersR = new Float64Array(days);
  }

  prepare(surroundings: Surroundings): boolean {
    const { days } = this.#population;
    surroundings.gatherLogarithms(surroundings.person);
    this.#runThrough(surroundings);
    for (let day = 0; day < days; day++) this.#leave[day] = this.#lnLeaving(day, 0);
    let before = 0;
    for (let day = 0; day < days; day++) {
      const onset = surroundings.reporting ? Math.log(surroundings.onset[day]!) : 0;
      this.#enter[day] = this.#leave[day]! + before + onset;
      if (surroundings.tested) before += Math.log(surroundings.exposed[day]!);
    }
    this.#enter[days] = before;
    for (let day = 0; day < days; day++) this.#incubate[day] = this.#lnIncubating(day, 0);
    this.#weighStarts(surroundings);
    this.#weighInfection(surroundings);
    return true;
  }

  lnNever(): number {
    return this.#never;
  }

  lnInfected(): number {
    return this.#infected;
  }

  draw(first: number, second: number, third: number): void {
    const never = Math.exp(this.#never - this.#total);
    if (first >= never) return this.drawInfected((first - never) / (1 - never), second, third);
    const { days } = this.#population;
    this.lead = 0;
    this.exposed = this.infectious = this.removed = days;
  }

  drawInfected(first: number, second: number, third: number): void {
    const { days } = this.#population;
    this.lead = 0;
    this.removed = days;
    let left = first;
    for (let k = 0; k < this.#starts.length; k++) {
      left -= Math.exp(this.#startWeight[k]! - this.#infected);
      if (left < 0) return this.#drawStart(this.#starts[k]!, second, third);
    }
    let last = days;
    for (let day = 0; day < days && left >= 0; day++) {
      const p = Math.exp(this.#weight[day]! - this.#infected);
      if (p > 0) last = day;
      left -= p;
    }
    this.exposed = last;
    this.infectious = this.#drawInfectious(last, 0, second);
    if (this.infectious < days) this.removed = this.#drawRemoved(this.infectious, 0, third);
  }

  marginals(): void {
    const { days } = this.#population;
    const { entersE, entersI, entersR } = this;
    for (let day = 0; day < days; day++) entersE[day] = Math.exp(this.#weight[day]! - this.#total);
    entersI.fill(0);
    entersR.fill(0);
    for (let day = 0; day < days; day++) this.#spreadIncubation(day, 0, entersE[day]!);
    for (let k = 0; k < this.#starts.length; k++) {
      const { state, age } = this.#starts[k]!;
      const p = Math.exp(this.#startWeight[k]! - this.#total);
      entersE[0]! += p;
      if (state === 1) this.#spreadIncubation(0, age, p);
    }
    for (let day = 0; day < days; day++) this.#spreadRemoval(day, 0, entersI[day]!);
    for (let k = 0; k < this.#starts.length; k++) {
      const { state, age } = this.#starts[k]!;
      if (state === 1) continue;
      const p = Math.exp(this.#startWeight[k]! - this.#total);
      entersI[0]! += p;
      if (state === 2) this.#spreadRemoval(0, age, p);
      else entersR[0]! += p;
    }
  }

  #runThrough({ person, given, lnInfectious }: Surroundings): void {
    const { days, exposure } = this.#population;
    const { phases, unit } = exposure;
    for (let phase = 0; phase < phases.length; phase++) {
      const scale = unit * phases[phase]!.factor;
      let sum = 0;
      for (let day = 0; day < days; day++) {
        sum += lnInfectious[phase * days + day]! - given[person * days + day]! * scale;
        this.#run[phase * (days + 1) + day + 1] = sum;
      }
    }
  }

  /** Logarithm of the factors of being infectious from `first` to before `last`, after `age` days of it before `first`. */
  #lnBetween(first: number, age: number, last: number): number {
    const { days, exposure } = this.#population;
    let sum = 0;
    for (let phase = 0; phase < exposure.phases.length; phase++) {
      const { from, to } = exposure.phases[phase]!;
      const begin = Math.max(first, first - age + from);
      const end = Math.min(last, days, first - age + to);
      if (begin >= end) continue;
      const offset = phase * (days + 1);
      sum += this.#run[offset + end]! - this.#run[offset + begin]!;
    }
    return sum;
  }

  /** Terms of leaving I by days from `day` on, after `age` days before it; their logarithmic sum. */
  #lnLeaving(day: number, age: number): number {
    const { longest, tail } = this.#population.infectious;
    for (let d = 1; d + age <= longest; d++) {
      this.#terms[d] = this.#lnInfectious[d + age]! + this.#lnBetween(day, age, day + d);
    }
    return lnSum(this.#terms, 1, longest - age) - (age > 0 ? Math.log(tail[age + 1]!) : 0);
  }

  /** The same of leaving E. */
  #lnIncubating(day: number, age: number): number {
    const { days, exposed } = this.#population;
    const { longest, tail } = exposed;
    for (let d = 1; d + age <= longest; d++) {
      this.#terms[d] = this.#lnExposed[d + age]! + this.#enter[Math.min(days, day + d)]!;
    }
    return lnSum(this.#terms, 1, longest - age) - (age > 0 ? Math.log(tail[age + 1]!) : 0);
  }

  #weighStarts({ person }: Surroundings): void {
    this.#starts = this.#population.starts.get(person) ?? [];
    this.#startWeight = Float64Array.from(this.#starts, (start) => {
      const { state, age, probability } = start;
      const lasting = state === 3 ? 0 : state === 1 ? this.#lnIncubating(0, age) : this.#lnLeaving(0, age);
      return Math.log(probability) + this.#evidence.lnOf(person, start) + lasting;
    });
  }

  #weighInfection({ person, pressure, tested, susceptible, exposed, infected }: Surroundings): void {
    const { days, exposure, external, region, susceptible: before } = this.#population;
    const outside = region[person]! * days;
    let escaped = 0;
    for (let day = 0; day < days; day++) {
      const nats = external[outside + day]! + pressure[person * days + day]! * exposure.unit;
      const known = day === 0 && this.#starts.length > 0;
      const caught = known ? -Infinity : lnComplementOfExp(nats);
      this.#weight[day] = escaped + caught + this.#incubate[day]!;
      escaped += known ? Math.log(before[person]!) : -nats;
      if (!tested) continue;
      this.#weight[day]! += Math.log(infected[day]!);
      escaped += Math.log(susceptible[day]!) - Math.log(exposed[day]!);
    }
    if (tested) for (let day = 0; day < days; day++) escaped += Math.log(exposed[day]!);
    this.#never = escaped;
    this.#infected = lnAdd(lnSum(this.#weight, 0, days - 1), lnSum(this.#startWeight, 0, this.#starts.length - 1));
    this.#total = lnAdd(this.#never, this.#infected);
  }

  #drawStart({ state, age }: Start, second: number, third: number): void {
    const { days } = this.#population;
    this.exposed = 0;
    if (state === 1) {
      this.infectious = this.#drawInfectious(0, age, second);
      if (this.infectious < days) this.removed = this.#drawRemoved(this.infectious, 0, third);
      return;
    }
    this.infectious = 0;
    this.lead = state === 2 ? age : 0;
    this.removed = state === 2 ? this.#drawRemoved(0, age, third) : 0;
  }

  #drawInfectious(day: number, age: number, uniform: number): number {
    const { days, exposed } = this.#population;
    this.#lnIncubating(day, age);
    return Math.min(days, day + drawTerm(this.#terms, 1, exposed.longest - age, uniform));
  }

  #drawRemoved(day: number, age: number, uniform: number): number {
    const { days, infectious } = this.#population;
    this.#lnLeaving(day, age);
    return Math.min(days, day + drawTerm(this.#terms, 1, infectious.longest - age, uniform));
  }

  #spreadIncubation(day: number, age: number, p: number): void {
    if (p === 0) return;
    const { days, exposed } = this.#population;
    this.#lnIncubating(day, age);
    spread(this.#terms, exposed.longest - age, p, day, days, this.entersI);
  }

  #spreadRemoval(day: number, age: number, p: number): void {
    if (p === 0) return;
    const { days, infectious } = this.#population;
    this.#lnLeaving(day, age);
    spread(this.#terms, infectious.longest - age, p, day, days, this.entersR);
  }
}

/** ln(1 - exp(-x)), x > 0. */
function lnComplementOfExp(x: number): number {
  return x > Math.LN2 ? Math.log1p(-Math.exp(-x)) : Math.log(-Math.expm1(-x));
}

/** Logarithm of the sum of exponentials of the terms from `first` to `last`; of none: -Infinity. */
function lnSum(terms: Float64Array, first: number, last: number): number {
  let most = -Infinity;
  for (let k = first; k <= last; k++) most = Math.max(most, terms[k]!);
  if (most === -Infinity) return most;
  let total = 0;
  for (let k = first; k <= last; k++) total += Math.exp(terms[k]! - most);
  return most + Math.log(total);
}

/** ln(exp(a) + exp(b)). */
export function lnAdd(a: number, b: number): number {
  const most = Math.max(a, b);
  return most === -Infinity ? most : most + Math.log1p(Math.exp(Math.min(a, b) - most));
}

/** One of the terms, with a probability proportional to its exponential. */
function drawTerm(terms: Float64Array, first: number, last: number, uniform: number): number {
  const total = lnSum(terms, first, last);
  let left = uniform;
  let drawn = first;
  for (let k = first; k <= last && left >= 0; k++) {
    const p = Math.exp(terms[k]! - total);
    if (p > 0) drawn = k;
    left -= p;
  }
  return drawn;
}

/** Adds to each day of `into` its share of p by the terms of days from `day` on. */
function spread(terms: Float64Array, last: number, p: number, day: number, days: number, into: Float64Array): void {
  const total = lnSum(terms, 1, last);
  for (let d = 1; d <= last && day + d < days; d++) into[day + d]! += p * Math.exp(terms[d]! - total);
}
