import type { Start } from '../starts.ts';
import type { WholeNumbers } from '../whole.numbers.ts';
import type { Conditional } from './conditional.ts';
import { KernelMemory, tiled, type ConditionalKernel, type Placed } from './conditional.kernel.ts';
import type { Population } from './population.ts';
import { StartWeights } from './start.weights.ts';
import type { Surroundings } from './surroundings.ts';

/** What a running product may become before the logarithmic way is taken: quotients of two stay in the range of a double. */
const LARGEST = 1e120;
const SMALLEST = 1e-120;

/** Taps that are taken at once. */
const TAPS = 4;

/** Bytes of a number. */
const EACH = 8;

/** Shares of a duration by days from the first that has one, and the same backwards, filled up with zeros. */
interface Taps {
  readonly first: number;
  readonly length: number;
  readonly at: number;
  readonly reversedAt: number;
}

/** Days in I in one phase of infectivity, and the arrays that each phase has. */
interface Phase extends Taps {
  readonly from: number;
  readonly to: number;
  readonly factor: number;
  /** Running product of the factors of being infectious from day 0 to before a day; constant behind the window. */
  readonly run: Placed;
  /** Factor from entering I on a day to the beginning of the phase, over `run` there. */
  readonly reach: Placed;
  /** [days]: factors on being infectious, a copy. */
  readonly factors: Placed;
}

/**
 * The conditional law in O(days * (longest E + longest I)), as products: the way that nearly all updates take. Instead of trajectories it sums over the day of leaving I for each
 * day of entering it, then over that for each day of infection: a semi-Markov forward-backward recursion. What is known from before the window adds
 * starts to it (`StartWeights`). Its arrays lie in a memory of the kernel that does the loops.
 */
export class LinearConditional implements Conditional {
  exposed = 0;
  infectious = 0;
  removed = 0;
  lead = 0;
  readonly entersE: Float64Array;
  readonly entersI: Float64Array;
  readonly entersR: Float64Array;

  readonly #population: Population;
  readonly #kernel: ConditionalKernel;
  readonly #phases: readonly Phase[];
  readonly #incubation: Taps;
  /** Numbers of an array that is read behind the window, and what one has before it. */
  readonly #stride: number;
  readonly #front: number;
  /** [regions, days]. */
  readonly #external: Placed;
  readonly #rate: Placed;
  /** int32 [days], copies: units that the person gives, and those exerted on it. */
  readonly #given: Int32Array;
  readonly #givenAt: number;
  readonly #pressure: Int32Array;
  readonly #pressureAt: number;
  /** [days], copies: factors of tests on being infected on a day, and on being in S and not in E on it. */
  readonly #infectedOn: Placed;
  readonly #passed: Placed;
  /** Sum over the days of leaving I, by the day of entering it. */
  readonly #leave: Placed;
  /** The same with what stands before it: the weight of entering I on a day; constant behind the window. */
  readonly #enter: Placed;
  /** Sum over the days of entering I, by the day of infection. */
  readonly #incubate: Placed;
  /** [days]: weight of being infected on a day. */
  readonly #weight: Placed;
  readonly #escape: Placed;
  readonly #caught: Placed;
  readonly #sums: Placed;
  readonly #shares: Placed;
  readonly #entersE: Placed;
  readonly #entersI: Placed;
  readonly #entersR: Placed;
  readonly #starts: StartWeights;
  #infected = 0;
  #never = 0;

  constructor(population: Population) {
    const { days, exposed, infectious, exposure, external, rate } = population;
    const memory = new KernelMemory();
    const longest = tiled(Math.max(exposed.longest, infectious.longest));
    this.#population = population;
    this.#kernel = memory.kernel;
    this.#stride = tiled(days) + longest + 2 * TAPS;
    this.#front = longest;
    this.#phases = exposure.phases
      .filter(({ from }) => from < infectious.longest)
      .map(({ from, to, factor }) => {
        const last = Math.min(to, infectious.longest);
        const taps = tapsOf(memory, infectious.share, from + 1, last);
        const [run, reach] = [memory.place(this.#stride), memory.place(this.#stride)];
        return { ...taps, from, to: last, factor, run, reach, factors: memory.place(days) };
      });
    this.#incubation = tapsOf(memory, exposed.share, 0, exposed.longest);
    this.#external = memory.place(external);
    this.#rate = memory.place(rate);
    const [given, pressure] = [memory.place(days), memory.place(days)];
    this.#givenAt = given.at;
    this.#given = new Int32Array(given.values.buffer, given.at, days);
    this.#pressureAt = pressure.at;
    this.#pressure = new Int32Array(pressure.values.buffer, pressure.at, days);
    this.#infectedOn = memory.place(days);
    this.#passed = memory.place(days);
    this.#leave = memory.place(days);
    this.#enter = memory.place(this.#stride);
    this.#incubate = memory.place(days);
    this.#weight = memory.place(days);
    this.#escape = memory.place(days);
    this.#caught = memory.place(days);
    this.#sums = memory.place(days);
    this.#shares = memory.place(this.#front + this.#stride);
    this.#entersE = memory.place(days);
    this.#entersI = memory.place(days);
    this.#entersR = memory.place(days);
    this.entersE = this.#entersE.values;
    this.entersI = this.#entersI.values;
    this.entersR = this.#entersR.values;
    this.#starts = new StartWeights(population, this.#enter.values, this.#phases);
  }

  prepare(surroundings: Surroundings): boolean {
    const { days } = this.#population;
    const { length, at, first } = this.#incubation;
    if (!this.#survive(surroundings)) return false;
    this.#sumLeaving();
    this.#weighEntering(surroundings);
    this.#kernel.correlate(this.#incubate.at, this.#enter.at + first * EACH, at, length, days);
    this.#starts.weigh(surroundings.person);
    this.#weighInfection(surroundings);
    const total = this.#infected + this.#never;
    return total > SMALLEST && total < LARGEST;
  }

  lnNever(): number {
    return Math.log(this.#never);
  }

  lnInfected(): number {
    return Math.log(this.#infected);
  }

  draw(first: number, second: number, third: number): void {
    const left = first * (this.#infected + this.#never) - this.#never;
    if (left >= 0) return this.drawInfected(left / this.#infected, second, third);
    const { days } = this.#population;
    this.lead = 0;
    this.exposed = this.infectious = this.removed = days;
  }

  drawInfected(first: number, second: number, third: number): void {
    const { days } = this.#population;
    const weight = this.#weight.values;
    let left = first * this.#infected;
    this.lead = 0;
    this.removed = days;
    const { starts, weight: known } = this.#starts;
    for (let k = 0; k < starts.length; k++)
      if ((left -= known[k]!) < 0) return this.#drawStart(starts[k]!, second, third);
    let day = 0;
    while (day < days - 1 && (left -= weight[day]!) >= 0) day++;
    this.exposed = day;
    this.#drawInfectious(second);
    if (this.infectious < days) this.#drawRemoved(third);
  }

  marginals(): void {
    const kernel = this.#kernel;
    const { days, exposed } = this.#population;
    const { length, reversedAt } = this.#incubation;
    const shares = this.#shares.at + this.#front * EACH;
    const scale = 1 / (this.#infected + this.#never);
    const starts = this.#starts;
    const known = starts.starts.length > 0;
    kernel.scale(this.#entersE.at, this.#weight.at, scale, days);
    kernel.divide(shares, this.#entersE.at, this.#incubate.at, days);
    kernel.correlate(this.#sums.at, shares - exposed.longest * EACH, reversedAt, length, days);
    kernel.multiply(this.#entersI.at, this.#sums.at, this.#enter.at, days);
    if (known) addScaled(this.entersI, starts.entersI, scale);
    this.#phases.forEach(({ to, run, reach, reversedAt, length }, k) => {
      kernel.divide(shares, this.#entersI.at, this.#leave.at, days);
      kernel.multiply(shares, shares, reach.at, days);
      kernel.correlate(this.#sums.at, shares - to * EACH, reversedAt, length, days);
      if (k === 0) kernel.multiply(this.#entersR.at, this.#sums.at, run.at, days);
      else kernel.multiplyAdd(this.#entersR.at, this.#sums.at, run.at, days);
    });
    if (!known) return;
    addScaled(this.entersR, starts.leavesI, scale);
    this.entersE[0]! += starts.total * scale;
    this.entersI[0]! += starts.infectious * scale;
    this.entersR[0]! += starts.removed * scale;
  }

  /** @returns whether the products stay in range */
  #survive({ person, given, infectious, marked }: Surroundings): boolean {
    const { days, exposure } = this.#population;
    widen(this.#given, given, person * days);
    for (let k = 0; k < this.#phases.length; k++) {
      const { run, factor, factors } = this.#phases[k]!;
      if (marked) copy(factors.values, infectious, k * days);
      const ofDays = marked ? factors.at : 0;
      const behind = this.#stride - days - 1;
      const scale = exposure.unit * factor;
      if (!this.#kernel.survive(run.at, this.#givenAt, scale, ofDays, days, behind, SMALLEST, LARGEST)) return false;
    }
    return true;
  }

  #sumLeaving(): void {
    const kernel = this.#kernel;
    const { days } = this.#population;
    for (let k = 0; k < this.#phases.length; k++) {
      const { from, first, length, at, run, reach } = this.#phases[k]!;
      const sums = k === 0 ? this.#leave.at : this.#sums.at;
      kernel.correlate(sums, run.at + first * EACH, at, length, days);
      if (k === 0) {
        kernel.invert(reach.at, run.at, days);
        kernel.multiply(sums, sums, reach.at, days);
        continue;
      }
      const before = this.#phases[k - 1]!;
      kernel.ratio(reach.at, before.reach.at, before.run.at + from * EACH, run.at + from * EACH, days);
      kernel.multiplyAdd(this.#leave.at, reach.at, sums, days);
    }
  }

  #weighEntering({ tested, exposed, reporting, onset }: Surroundings): void {
    const { days } = this.#population;
    const [enter, leave] = [this.#enter.values, this.#leave.values];
    let before = 1;
    if (tested) {
      for (let day = 0; day < days; day++) {
        enter[day] = leave[day]! * before * (reporting ? onset[day]! : 1);
        before *= exposed[day]!;
      }
    } else if (reporting) for (let day = 0; day < days; day++) enter[day] = leave[day]! * onset[day]!;
    else this.#kernel.scale(this.#enter.at, this.#leave.at, 1, days);
    this.#kernel.fill(this.#enter.at + days * EACH, before, this.#stride - days);
  }

  #weighInfection({ person, pressure, tested, susceptible, exposed, infected }: Surroundings): void {
    const { days, exposure, region, rate, susceptible: before } = this.#population;
    const outside = region[person]! * days;
    const known = this.#starts.starts.length > 0;
    const [infectedOn, passed] = [this.#infectedOn.values, this.#passed.values];
    widen(this.#pressure, pressure, person * days);
    if (tested || known) {
      infectedOn.set(infected);
      for (let day = 0; day < days; day++) passed[day] = susceptible[day]! / exposed[day]!;
    }
    if (known) {
      // Starts stand for the first day: nobody is infected on it, and P(S) takes the place of escape from outside.
      infectedOn[0] = 0;
      passed[0]! *= before[person]! / (1 - rate[outside]!);
    }
    const weights = this.#kernel.weigh(
      this.#weight.at,
      this.#incubate.at,
      this.#pressureAt,
      exposure.unit,
      this.#external.at + outside * EACH,
      this.#rate.at + outside * EACH,
      tested || known ? this.#infectedOn.at : 0,
      this.#passed.at,
      this.#escape.at,
      this.#caught.at,
      days,
    );
    this.#infected = this.#starts.total + weights;
    this.#never = this.#escape.values[days - 1]!;
    if (tested) for (let day = 0; day < days; day++) this.#never *= exposed[day]!;
  }

  #drawStart(start: Start, second: number, third: number): void {
    const { days } = this.#population;
    const { state, age } = start;
    this.exposed = this.infectious = this.removed = 0;
    if (state === 3) return;
    if (state === 2) {
      this.lead = age;
      this.removed = Math.min(days, this.#starts.drawDays(start, third));
      return;
    }
    this.removed = days;
    this.infectious = Math.min(days, this.#starts.drawDays(start, second));
    if (this.infectious < days) this.#drawRemoved(third);
  }

  #drawInfectious(uniform: number): void {
    const { days, exposed } = this.#population;
    const { share, longest } = exposed;
    const enter = this.#enter.values;
    const from = this.exposed;
    let left = uniform * this.#incubate.values[from]!;
    let d = this.#incubation.first;
    while (d < longest && (left -= share[d]! * enter[from + d]!) >= 0) d++;
    this.infectious = Math.min(days, from + d);
  }

  #drawRemoved(uniform: number): void {
    const { days, infectious } = this.#population;
    const { share } = infectious;
    const day = this.infectious;
    let left = uniform * this.#leave.values[day]!;
    let last = 0;
    for (const { first, to, run, reach } of this.#phases) {
      const reached = reach.values[day]!;
      for (let d = first; d <= to; d++) {
        if (share[d] === 0) continue;
        last = d;
        left -= share[d]! * reached * run.values[day + d]!;
        if (left < 0) {
          this.removed = Math.min(days, day + d);
          return;
        }
      }
    }
    this.removed = Math.min(days, day + last);
  }
}

/** Shares of days from `from` to `to`, less those before the first that has one. */
function tapsOf(memory: KernelMemory, share: Float64Array, from: number, to: number): Taps {
  const range = share.subarray(from, to + 1);
  const before = Math.max(
    0,
    range.findIndex((each) => each > 0),
  );
  const taps = range.subarray(before);
  const length = Math.ceil(taps.length / TAPS) * TAPS;
  const [forwards, backwards] = [memory.place(length), memory.place(length)];
  forwards.values.set(taps);
  backwards.values.set(taps.toReversed());
  return { first: from + before, length, at: forwards.at, reversedAt: backwards.at };
}

/** Whole numbers of any width, from those of another array from `from` on. Apart from `copy`, for each is compiled for the arrays that it has met. */
function widen(into: Int32Array, values: WholeNumbers, from: number): void {
  for (let k = 0; k < into.length; k++) into[k] = values[from + k]!;
}

function copy(into: Float64Array, values: Float64Array, from: number): void {
  for (let k = 0; k < into.length; k++) into[k] = values[from + k]!;
}

/** Adds to the numbers of days after the first those of another array, scaled. */
function addScaled(into: Float64Array, values: Float64Array, scale: number): void {
  const end = Math.min(into.length, values.length);
  for (let day = 1; day < end; day++) into[day]! += values[day]! * scale;
}
