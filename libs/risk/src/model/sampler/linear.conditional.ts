import { STEPS, TABLE_END, atStep, belowOne, expNegative, shortComplement } from '../fast.exp.ts';
import type { Conditional } from './conditional.ts';
import { correlate, tiled, tiledTaps } from './correlate.ts';
import type { Population } from './population.ts';
import { StartWeights } from './start.weights.ts';
import type { Surroundings } from './surroundings.ts';

/** What a running product may become before the logarithmic way is taken: quotients of two stay in the range of a double. */
const LARGEST = 1e120;
const SMALLEST = 1e-120;

/** Days in I in one phase of infectivity: shares of leaving on the days from `first` on. */
interface PhaseTaps {
  readonly from: number;
  readonly to: number;
  readonly factor: number;
  readonly first: number;
  readonly taps: Float64Array;
  readonly reversed: Float64Array;
}

/**
 * The conditional law in O(days * (longest E + longest I)), as products: the way that nearly all updates take. Instead of trajectories it sums over the day of leaving I for each
 * day of entering it, then over that for each day of infection: a semi-Markov forward-backward recursion.
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
  readonly #phases: readonly PhaseTaps[];
  readonly #exposedFirst: number;
  readonly #exposedTaps: Float64Array;
  readonly #exposedReversed: Float64Array;
  readonly #stride: number;
  /** [phases, stride]: running product of the factors of being infectious from day 0 to before a day; constant behind the window. */
  readonly #run: Float64Array;
  /** [phases, stride]: factor from entering I on a day to the beginning of the phase, over `#run` there. */
  readonly #reach: Float64Array;
  /** Sum over the days of leaving I, by the day of entering it. */
  readonly #leave: Float64Array;
  /** The same with what stands before it: the weight of entering I on a day; constant behind the window. */
  readonly #enter: Float64Array;
  /** Sum over the days of entering I, by the day of infection. */
  readonly #incubate: Float64Array;
  /** [days]: weight of being infected on a day. */
  readonly #weight: Float64Array;
  readonly #sums: Float64Array;
  readonly #front: number;
  readonly #shares: Float64Array;
  readonly #starts: StartWeights;
  #infected = 0;
  #never = 0;

  constructor(population: Population) {
    const { days, exposed, infectious, exposure } = population;
    this.#population = population;
    this.#phases = exposure.phases
      .filter(({ from }) => from < infectious.longest)
      .map(({ from, to, factor }) => {
        const last = Math.min(to, infectious.longest);
        const range = infectious.share.subarray(from + 1, last + 1);
        const first =
          from +
          1 +
          Math.max(
            0,
            range.findIndex((share) => share > 0),
          );
        const shares = infectious.share.subarray(first, last + 1);
        return { from, to: last, factor, first, taps: tiledTaps(shares), reversed: tiledTaps(shares.toReversed()) };
      });
    this.#exposedFirst = exposed.share.findIndex((share) => share > 0);
    const shares = exposed.share.subarray(this.#exposedFirst);
    this.#exposedTaps = tiledTaps(shares);
    this.#exposedReversed = tiledTaps(shares.toReversed());
    const longest = Math.max(exposed.longest, infectious.longest);
    this.#stride = tiled(days) + tiled(longest) + 8;
    this.#front = tiled(longest) + 4;
    const padded = () => new Float64Array(this.#front + this.#stride);
    this.#run = new Float64Array(this.#stride * this.#phases.length);
    this.#reach = new Float64Array(this.#stride * this.#phases.length);
    this.#leave = padded();
    this.#enter = padded();
    this.#incubate = padded();
    this.#weight = new Float64Array(days);
    this.#sums = padded();
    this.#shares = padded();
    this.#starts = new StartWeights(population);
    this.entersE = new Float64Array(days);
    this.entersI = new Float64Array(days);
    this.entersR = new Float64Array(days);
  }

  prepare(surroundings: Surroundings): boolean {
    for (let k = 0; k < this.#phases.length; k++) if (!this.#runThrough(surroundings, k)) return false;
    this.#sumLeaving();
    this.#weighEntering(surroundings);
    correlate(this.#incubate, this.#enter, this.#exposedFirst, this.#exposedTaps, this.#population.days);
    this.#starts.weigh(surroundings.person, this.#enter, this.#lasting);
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
    const weight = this.#weight;
    let left = first * this.#infected;
    this.lead = 0;
    this.removed = days;
    const { starts, weight: known } = this.#starts;
    for (let k = 0; k < starts.length; k++) if ((left -= known[k]!) < 0) return this.#drawStart(k, second, third);
    let day = 0;
    while (day < days - 1 && (left -= weight[day]!) >= 0) day++;
    this.exposed = day;
    this.#drawInfectious(second);
    if (this.infectious < days) this.#drawRemoved(third);
  }

  marginals(): void {
    const { days } = this.#population;
    const { entersE, entersI } = this;
    const scale = 1 / (this.#infected + this.#never);
    const shares = this.#shares;
    const front = this.#front;
    for (let day = 0; day < days; day++) {
      const p = this.#weight[day]! * scale;
      entersE[day] = p;
      shares[front + day] = p === 0 ? 0 : p / this.#incubate[day]!;
    }
    const reversed = this.#exposedReversed;
    correlate(this.#sums, shares, front - this.#population.exposed.longest, reversed, days);
    for (let day = 0; day < days; day++) entersI[day] = this.#sums[day]! * this.#enter[day]!;
    if (this.#starts.starts.length === 0) this.#marginalRemoval();
    else this.#marginalStarts(scale);
  }

  /** @returns whether the products stay in range */
  #runThrough({ given, infectious }: Surroundings, k: number): boolean {
    const { days, exposure } = this.#population;
    const scale = exposure.unit * this.#phases[k]!.factor;
    const run = this.#run;
    const offset = k * this.#stride;
    const first = k * days;
    let product = 1;
    run[offset] = 1;
    for (let day = 0; day < days; day++) {
      const units = given[day]!;
      product *= units === 0 ? infectious[first + day]! : expNegative(units * scale) * infectious[first + day]!;
      if (!(product > SMALLEST && product < LARGEST)) return false;
      run[offset + day + 1] = product;
    }
    run.fill(product, offset + days + 1, offset + this.#stride);
    return true;
  }

  #sumLeaving(): void {
    const { days } = this.#population;
    const [run, reach, leave, sums, stride] = [this.#run, this.#reach, this.#leave, this.#sums, this.#stride];
    for (let k = 0; k < this.#phases.length; k++) {
      const { from, first, taps } = this.#phases[k]!;
      const offset = k * stride;
      const out = k === 0 ? leave : sums;
      correlate(out, run, offset + first, taps, days);
      if (k === 0) {
        for (let day = 0; day < days; day++) {
          const factor = 1 / run[day]!;
          reach[day] = factor;
          leave[day]! *= factor;
        }
        continue;
      }
      for (let day = 0; day < days; day++) {
        const factor = (reach[offset - stride + day]! * run[offset - stride + day + from]!) / run[offset + day + from]!;
        reach[offset + day] = factor;
        leave[day]! += factor * sums[day]!;
      }
    }
  }

  #weighEntering({ tested, exposed, reporting, onset }: Surroundings): void {
    const { days } = this.#population;
    const [enter, leave] = [this.#enter, this.#leave];
    let before = 1;
    if (!tested && !reporting) enter.set(leave.subarray(0, days));
    else if (!tested) for (let day = 0; day < days; day++) enter[day] = leave[day]! * onset[day]!;
    else {
      for (let day = 0; day < days; day++) {
        enter[day] = leave[day]! * before * (reporting ? onset[day]! : 1);
        before *= exposed[day]!;
      }
    }
    enter.fill(before, days);
  }

  #weighInfection(surroundings: Surroundings): void {
    const { days, exposure, external, rate, region } = this.#population;
    const { person, pressure, tested, susceptible, exposed, infected } = surroundings;
    const { unit } = exposure;
    const [weight, incubate] = [this.#weight, this.#incubate];
    const base = person * days;
    const outside = region[person]! * days;
    const known = this.#starts.starts.length > 0;
    let escaped = 1;
    let total = this.#starts.total;
    for (let day = 0; day < days; day++) {
      const units = pressure[base + day]!;
      let caught = rate[outside + day]!;
      let escape = 1 - caught;
      if (day === 0 && known) {
        caught = 0;
        escape = this.#starts.susceptible;
      } else if (units !== 0) {
        const nats = external[outside + day]! + units * unit;
        if (nats < TABLE_END) {
          const k = (nats * STEPS + 0.5) | 0;
          const short = shortComplement(nats - k / STEPS);
          caught = belowOne[k]! + atStep[k]! * short;
          escape = atStep[k]! * (1 - short);
        } else {
          escape = Math.exp(-nats);
          caught = 1 - escape;
        }
      }
      let each = escaped * caught * incubate[day]!;
      if (tested) {
        each *= infected[day]!;
        escaped *= susceptible[day]! / exposed[day]!;
      }
      weight[day] = each;
      total += each;
      escaped *= escape;
    }
    if (tested) for (let day = 0; day < days; day++) escaped *= exposed[day]!;
    this.#infected = total;
    this.#never = escaped;
  }

  /** Factor of being infectious on a day after so many days of it. */
  readonly #lasting = (day: number, age: number): number => {
    if (day >= this.#population.days) return 1;
    let k = this.#phases.length - 1;
    while (this.#phases[k]!.from > age) k--;
    const at = k * this.#stride + day;
    return this.#run[at + 1]! / this.#run[at]!;
  };

  #drawStart(k: number, second: number, third: number): void {
    const { days } = this.#population;
    const start = this.#starts.starts[k]!;
    const { state, age } = start;
    this.exposed = this.infectious = this.removed = 0;
    if (state === 3) return;
    const sum = this.#starts.terms(start, this.#enter, this.#lasting);
    if (state === 2) {
      this.lead = age;
      this.removed = Math.min(days, this.#starts.drawDays(start, sum, third));
      return;
    }
    this.removed = days;
    this.infectious = Math.min(days, this.#starts.drawDays(start, sum, second));
    if (this.infectious < days) this.#drawRemoved(third);
  }

  #marginalStarts(scale: number): void {
    const { days } = this.#population;
    const { total, infectious, removed, entersI, leavesI } = this.#starts;
    for (let d = 1; d < Math.min(days, entersI.length); d++) this.entersI[d]! += entersI[d]! * scale;
    this.#marginalRemoval();
    for (let d = 1; d < Math.min(days, leavesI.length); d++) this.entersR[d]! += leavesI[d]! * scale;
    this.entersE[0]! += total * scale;
    this.entersI[0]! += infectious * scale;
    this.entersR[0]! += removed * scale;
  }

  #drawInfectious(uniform: number): void {
    const { days, exposed } = this.#population;
    const { share, longest } = exposed;
    const enter = this.#enter;
    const from = this.exposed;
    let left = uniform * this.#incubate[from]!;
    let d = this.#exposedFirst;
    while (d < longest && (left -= share[d]! * enter[from + d]!) >= 0) d++;
    this.infectious = Math.min(days, from + d);
  }

  #drawRemoved(uniform: number): void {
    const { days, infectious } = this.#population;
    const { share } = infectious;
    const [run, stride] = [this.#run, this.#stride];
    const from = this.infectious;
    let left = uniform * this.#leave[from]!;
    let last = 0;
    for (let k = 0; k < this.#phases.length; k++) {
      const { first, to } = this.#phases[k]!;
      const offset = k * stride + from;
      const reach = this.#reach[offset]!;
      for (let d = first; d <= to; d++) {
        if (share[d] === 0) continue;
        last = d;
        left -= share[d]! * reach * run[offset + d]!;
        if (left < 0) {
          this.removed = Math.min(days, from + d);
          return;
        }
      }
    }
    this.removed = Math.min(days, from + last);
  }

  #marginalRemoval(): void {
    const { days } = this.#population;
    const { entersI, entersR } = this;
    const [run, reach, leave, sums, shares] = [this.#run, this.#reach, this.#leave, this.#sums, this.#shares];
    const front = this.#front;
    for (let k = 0; k < this.#phases.length; k++) {
      const { to, reversed } = this.#phases[k]!;
      const offset = k * this.#stride;
      for (let day = 0; day < days; day++) {
        const p = entersI[day]!;
        shares[front + day] = p === 0 ? 0 : (p / leave[day]!) * reach[offset + day]!;
      }
      correlate(sums, shares, front - to, reversed, days);
      if (k === 0) for (let day = 0; day < days; day++) entersR[day] = sums[day]! * run[offset + day]!;
      else for (let day = 0; day < days; day++) entersR[day]! += sums[day]! * run[offset + day]!;
    }
  }
}
