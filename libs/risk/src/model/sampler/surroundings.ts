import { entryAt } from '../contacts/contact.entries.ts';
import { onsetRatio } from '../evidence/symptom.evidence.ts';
import { complementOfExp } from '../fast.exp.ts';
import type { WholeNumbers } from '../whole.numbers.ts';
import type { ChainState } from './chain.state.ts';
import type { Population } from './population.ts';

/**
 * What a person's conditional law depends on, everybody else's trajectory given: the factors of likelihood by day. What its contacts are in S for, the
 * state has already; they are looked at where one of them was infected. Likelihoods are relative to R.
 */
export class Surroundings {
  readonly population: Population;
  readonly #state: ChainState;
  person = 0;
  /** [phases, days]: factor on being infectious on a day: tests, and contacts who are in E on the day after. */
  readonly infectious: Float64Array;
  /** [days]: factors of tests on being in E, and in S, on a day. */
  readonly exposed: Float64Array;
  readonly susceptible: Float64Array;
  /** [days]: factor of tests by days since infection on being infected on a day. */
  readonly infected: Float64Array;
  /** [days]: factor of reports, or of none, on becoming infectious on a day. */
  readonly onset: Float64Array;
  /** Whether tests of the person make `exposed`, `susceptible` or `infected` other than 1. */
  tested = false;
  /** Whether `infectious` is other than 1. */
  marked = false;
  /** Whether `onset` is other than 1. */
  reporting = false;
  /** [phases, days]: logarithm of `infectious`, nat; filled by `gatherLogarithms` alone. */
  readonly lnInfectious: Float64Array;
  #logarithms = false;

  constructor(state: ChainState) {
    const { population } = state;
    const { days, exposure } = population;
    this.population = population;
    this.#state = state;
    this.infectious = new Float64Array(exposure.phases.length * days).fill(1);
    this.lnInfectious = new Float64Array(this.infectious.length);
    this.exposed = new Float64Array(days).fill(1);
    this.susceptible = new Float64Array(days).fill(1);
    this.infected = new Float64Array(days).fill(1);
    this.onset = new Float64Array(days).fill(1);
  }

  /** [persons, days], of the chain's state. */
  get pressure(): WholeNumbers {
    return this.#state.pressure;
  }

  /** [persons, days], of the chain's state. */
  get given(): WholeNumbers {
    return this.#state.given;
  }

  gather(person: number): void {
    this.person = person;
    if (this.marked) {
      this.infectious.fill(1);
      this.marked = false;
    }
    if (this.#state.followed[person] !== 0) this.#follow(person);
    const { tests } = this.population;
    if (this.tested) {
      this.exposed.fill(1);
      this.susceptible.fill(1);
      this.infected.fill(1);
    }
    this.tested = tests.start[person]! < tests.start[person + 1]!;
    if (this.tested) this.#test(person);
    this.reporting = this.population.reporting[person] === 1;
    if (this.reporting) this.#report(person);
  }

  /** The same, for what the linear domain cannot hold: `lnInfectious` beside `infectious`. */
  gatherLogarithms(person: number): void {
    this.lnInfectious.fill(0);
    this.#logarithms = true;
    this.gather(person);
    this.#logarithms = false;
  }

  /** Looks for the contacts who are in E on the day after. */
  #follow(person: number): void {
    const { days, contacts, exposure } = this.population;
    const { start, low, high, classBits } = contacts;
    const { exposed, followed, followedOn } = this.#state;
    const mask = (-1 >>> (32 - classBits)) | 0;
    const first = person * days;
    for (let day = 0, left = followed[person]!; left > 0; day++) {
      let here = followedOn[first + day]!;
      left -= here;
      for (let k = start[first + day]!; here > 0; k++) {
        const entry = entryAt(low, high, k);
        const other = entry >>> classBits;
        if (exposed[other] !== day + 1) continue;
        here--;
        const kind = entry & mask;
        if (exposure.plain[kind] !== 0) this.#infects(person, other, kind, day);
      }
    }
  }

  /** How much more probable it is that `other` is infected after `day` when the person is infectious on it. */
  #infects(person: number, other: number, kind: number, day: number): void {
    const { days, exposure, external, region } = this.population;
    const { units, classes, unit, phases } = exposure;
    const own = this.#state.phaseOf(person, day);
    const pressure = this.#state.pressure[other * days + day + 1]! - (own < 0 ? 0 : units[own * classes + kind]!);
    const others = external[region[other]! * days + day + 1]! + pressure * unit;
    const without = complementOfExp(others);
    for (let phase = 0; phase < phases.length; phase++) {
      const factor = complementOfExp(others + units[phase * classes + kind]! * unit) / without;
      this.#multiply(phase * days + day, factor);
    }
  }

  #multiply(at: number, factor: number): void {
    this.infectious[at]! *= factor;
    if (this.#logarithms) this.lnInfectious[at]! += Math.log(factor);
    this.marked = true;
  }

  #test(person: number): void {
    const { days, tests, exposure } = this.population;
    for (let k = tests.start[person]!; k < tests.start[person + 1]!; k++) {
      const on = tests.day[k]!;
      const { E, I, S, sinceInfection } = tests.ratios[tests.result[k]!]!;
      this.exposed[on]! *= E;
      this.susceptible[on]! *= S;
      for (let phase = 0; phase < exposure.phases.length; phase++) this.#multiply(phase * days + on, I);
      if (sinceInfection === null) continue;
      const last = sinceInfection.length - 1;
      for (let day = 0; day <= on; day++) this.infected[day]! *= sinceInfection[Math.min(on - day, last)]!;
    }
  }

  #report(person: number): void {
    const { days, symptoms, reports, unreported } = this.population;
    const own = reports.get(person);
    if (own === undefined) {
      this.onset.set(unreported);
      return;
    }
    for (let day = 0; day < days; day++) this.onset[day] = onsetRatio(symptoms!, day, days, own);
  }
}
