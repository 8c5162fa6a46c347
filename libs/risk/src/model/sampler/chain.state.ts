import { entryAt } from '../contacts/contact.entries.ts';
import { wholeNumbers, type WholeNumbers } from '../whole.numbers.ts';
import type { Population } from './population.ts';
import { trajectoriesIn, writeTrajectories, type Trajectories } from './trajectories.ts';

/**
 * The trajectories of a population and what follows from them. A trajectory is three bytes: the first days in E, I and R, `days` where there is
 * none. `lead` are the days that somebody infectious on day 0 has been so before. What anybody's trajectory means for others is kept up to date by differences, in
 * whole numbers, so that it is what a fresh sum would give: whoever stays what it was costs nothing.
 */
export class ChainState implements Trajectories {
  readonly population: Population;
  readonly exposed: Uint8Array;
  readonly infectious: Uint8Array;
  readonly removed: Uint8Array;
  readonly lead: Uint8Array;
  /** [persons, days]: units of exposure by infectious persons under which each person comes to each day. */
  readonly pressure: WholeNumbers;
  /** [persons, days]: units of exposure, at infectivity 1, that each person would give on each day to contacts who are still in S on the day after. */
  readonly given: WholeNumbers;
  /** [persons]: contacts with somebody who is in E on the day after. */
  readonly followed: Int32Array;
  /** [persons, days]: the same by the day of the contact. */
  readonly followedOn: WholeNumbers;
  /** Phase of infectivity by days of being infectious. */
  readonly phaseOn: Uint8Array;

  constructor(population: Population) {
    const { persons, days, exposure, contacts } = population;
    this.population = population;
    this.exposed = new Uint8Array(persons).fill(days);
    this.infectious = new Uint8Array(persons).fill(days);
    this.removed = new Uint8Array(persons).fill(days);
    this.lead = new Uint8Array(persons);
    this.pressure = wholeNumbers(persons * days, exposure.most);
    this.given = givenToAll(population);
    this.followed = new Int32Array(persons);
    this.followedOn = wholeNumbers(persons * days, contacts.mostOnADay);
    this.phaseOn = Uint8Array.from({ length: 2 * 256 }, (_, age) =>
      exposure.phases.findLastIndex(({ from }) => from <= age),
    );
  }

  /** Moves a person to another trajectory. */
  set(person: number, exposed: number, infectious: number, removed: number, lead: number): void {
    const before = this.exposed[person]!;
    if (before !== exposed) {
      this.#follow(person, before, -1);
      this.#follow(person, exposed, 1);
      this.#receive(person, before, exposed);
      this.exposed[person] = exposed;
    }
    const [i, r, l] = [this.infectious[person]!, this.removed[person]!, this.lead[person]!];
    if (i === infectious && r === removed && l === lead) return;
    this.#press(person, i, r, l, infectious, removed, lead);
    this.infectious[person] = infectious;
    this.removed[person] = removed;
    this.lead[person] = lead;
  }

  /** Takes the trajectories of another state, of as many persons and days. */
  copy({ exposed, infectious, removed, lead }: Trajectories): void {
    for (let person = 0; person < exposed.length; person++) {
      this.set(person, exposed[person]!, infectious[person]!, removed[person]!, lead[person]!);
    }
  }

  /** All trajectories: [4, persons], first days in E, I and R, and leads. */
  trajectories(): Uint8Array {
    const bytes = new Uint8Array(4 * this.population.persons);
    writeTrajectories(this, bytes);
    return bytes;
  }

  /** Takes trajectories as `trajectories` gives them, of as many persons and days. */
  take(bytes: Uint8Array): void {
    this.copy(trajectoriesIn(bytes));
  }

  /** The phase of infectivity of a person on a day; -1: it is not infectious. */
  phaseOf(person: number, day: number): number {
    const infectious = this.infectious[person]!;
    if (day < infectious || day >= this.removed[person]!) return -1;
    return this.phaseOn[day - infectious + this.lead[person]!]!;
  }

  /** Counts, at each contact of the day before `day`, that the person is in E on it. */
  #follow(person: number, day: number, change: number): void {
    const { days, contacts } = this.population;
    if (day === 0 || day === days) return;
    const { start, low, high, classBits } = contacts;
    const cell = person * days + day - 1;
    const end = start[cell + 1]!;
    for (let k = start[cell]!; k < end; k++) {
      const other = entryAt(low, high, k) >>> classBits;
      this.followed[other]! += change;
      this.followedOn[other * days + day - 1]! += change;
    }
  }

  /** Changes what others give by what the person no longer receives, or receives again, being first in E on another day. */
  #receive(person: number, before: number, exposed: number): void {
    const { days, contacts, exposure } = this.population;
    const { start, low, high, classBits } = contacts;
    const { given } = this;
    const { returned } = exposure;
    const sign = exposed > before ? 1 : -1;
    const mask = (-1 >>> (32 - classBits)) | 0;
    const from = Math.max(0, Math.min(before, exposed) - 1);
    const to = Math.max(before, exposed) - 1;
    const first = person * days;
    let k = start[first + from]!;
    for (let day = from; day < to; day++) {
      const end = start[first + day + 1]!;
      for (; k < end; k++) {
        const entry = entryAt(low, high, k);
        given[(entry >>> classBits) * days + day]! += sign * returned[entry & mask]!;
      }
    }
  }

  /** Changes the pressure on others by what differs between two times of being infectious. */
  #press(person: number, i0: number, r0: number, lead0: number, i1: number, r1: number, lead1: number): void {
    const { days, contacts, exposure } = this.population;
    const { start, low, high, classBits } = contacts;
    const { units, classes } = exposure;
    const { pressure, phaseOn } = this;
    const mask = (-1 >>> (32 - classBits)) | 0;
    const from = r0 === i0 ? i1 : r1 === i1 ? i0 : Math.min(i0, i1);
    const to = Math.min(days - 1, r0 === i0 ? r1 : r1 === i1 ? r0 : Math.max(r0, r1));
    for (let day = from; day < to; day++) {
      const was = day >= i0 && day < r0 ? phaseOn[day - i0 + lead0]! : -1;
      const is = day >= i1 && day < r1 ? phaseOn[day - i1 + lead1]! : -1;
      if (was === is) continue;
      const cell = person * days + day;
      const end = start[cell + 1]!;
      for (let k = start[cell]!; k < end; k++) {
        const entry = entryAt(low, high, k);
        const kind = entry & mask;
        const change = (is < 0 ? 0 : units[is * classes + kind]!) - (was < 0 ? 0 : units[was * classes + kind]!);
        pressure[(entry >>> classBits) * days + day + 1]! += change;
      }
    }
  }
}

/** What each person would give on each day were all in S. */
function givenToAll({ persons, days, contacts, exposure }: Population): WholeNumbers {
  const { start, low, high, classBits } = contacts;
  const { plain } = exposure;
  const mask = (-1 >>> (32 - classBits)) | 0;
  const given = wholeNumbers(persons * days, exposure.most);
  for (let cell = 0; cell < given.length; cell++) {
    const end = start[cell + 1]!;
    let sum = 0;
    for (let k = start[cell]!; k < end; k++) sum = (sum + plain[entryAt(low, high, k) & mask]!) | 0;
    given[cell] = sum;
  }
  return given;
}
