import type { PersonGroups, TraceGroup } from './trace.groups.ts';

/** What the sum over all joint choices of groups gives. */
export interface JointMass {
  readonly total: number;
  /** Of each person and group: the part of `total` in which the person is in the group. */
  readonly mass: readonly Float64Array[];
}

/** One effect of a person's being infectious: on which place of the exposure table, nat. */
interface Effect {
  readonly place: number;
  readonly weight: number;
}

/** About how many steps the sum takes. */
export function jointSteps(persons: readonly PersonGroups[]): number {
  const last = persons.at(-1)!;
  const places = persons.reduce((sum, { exposedOn }) => sum + exposedOn.length, 1);
  const others = persons.slice(0, -1).reduce((product, { groups }) => product * groups.length, 1);
  return others * (last.groups.length + last.givings.length * places);
}

/**
 * The sum over all joint choices of one group for each person of a component, of the product of their weights and of what their
 * exposures do. All but the last person are chosen in turn; for the last one, the sum over its groups is taken at once from a table
 * over what it receives and one over what it gives.
 *
 * Each place (a person and a day on which it is exposed) has P(escape) and its complement, which is kept apart: from the difference, a rate of
 * 1e-12 would have no digits left.
 */
export class JointSum {
  readonly #persons: readonly PersonGroups[];
  /** First place of each person. */
  readonly #first: readonly number[];
  /** (1 - rate) / rate of infection from outside, by place. */
  readonly #odds: Float64Array;
  readonly #effects: readonly (readonly Effect[])[];
  /** P(escape) and complement of each place after the choices of each level. */
  readonly #escape: readonly Float64Array[];
  readonly #caught: readonly Float64Array[];
  readonly #chosen: TraceGroup[] = [];
  readonly #mass: readonly Float64Array[];
  readonly #receiving: Float64Array;

  constructor(persons: readonly PersonGroups[], rate: (person: number, day: number) => number) {
    this.#persons = persons;
    const places = persons.flatMap(({ person, exposedOn }) => exposedOn.map((day) => ({ person, day })));
    const placeOf = new Map(places.map(({ person, day }, place) => [`${person} ${day}`, place]));
    let first = 0;
    this.#first = persons.map(({ exposedOn }) => (first += exposedOn.length) - exposedOn.length);
    this.#odds = Float64Array.from(places, ({ person, day }) => 1 / rate(person, day + 1) - 1);
    this.#effects = persons.map(({ given }) =>
      given.map(({ to, day, weight }) => ({ place: placeOf.get(`${to} ${day}`)!, weight })),
    );
    this.#escape = Array.from({ length: persons.length + 1 }, () => new Float64Array(places.length).fill(1));
    this.#caught = Array.from({ length: persons.length + 1 }, () => new Float64Array(places.length));
    this.#mass = persons.map(({ groups }) => new Float64Array(groups.length));
    this.#receiving = new Float64Array(2 * (persons.at(-1)!.exposedOn.length + 1));
  }

  sum(): JointMass {
    return { total: this.#from(0, 1), mass: this.#mass };
  }

  /** The sum over the choices of persons from `level` on; `weight` is that of the choices before. */
  #from(level: number, weight: number): number {
    if (level === this.#persons.length - 1) return this.#last(level, weight);
    let total = 0;
    const { groups } = this.#persons[level]!;
    for (let g = 0; g < groups.length; g++) {
      const group = groups[g]!;
      this.#chosen[level] = group;
      this.#give(level, group.infectivity);
      const part = this.#from(level + 1, weight * group.weight);
      this.#mass[level]![g]! += part;
      total += part;
    }
    return total;
  }

  /** Places after `level` has given what it gives. */
  #give(level: number, infectivity: readonly number[]): void {
    const [escape, caught] = [this.#escape[level + 1]!, this.#caught[level + 1]!];
    escape.set(this.#escape[level]!);
    caught.set(this.#caught[level]!);
    const effects = this.#effects[level]!;
    for (let k = 0; k < effects.length; k++) {
      const factor = infectivity[k]!;
      if (factor === 0) continue;
      const { place, weight } = effects[k]!;
      const complement = -Math.expm1(-weight * factor);
      caught[place]! += escape[place]! * complement;
      escape[place]! *= 1 - complement;
    }
  }

  #last(level: number, weight: number): number {
    const { groups, givings } = this.#persons[level]!;
    const others = new Float64Array(givings.length);
    for (let k = 0; k < givings.length; k++) {
      this.#give(level, givings[k]!);
      let product = weight;
      for (let other = 0; other < level; other++) product *= this.#received(level + 1, other, this.#chosen[other]!);
      others[k] = product;
    }
    this.#fillReceiving(level);
    const mass = this.#mass[level]!;
    let total = 0;
    for (let g = 0; g < groups.length; g++) {
      const group = groups[g]!;
      const part = group.weight * others[group.giving]! * this.#receiving[2 * group.escapes + Number(group.infected)]!;
      mass[g]! += part;
      total += part;
    }
    return total;
  }

  /** How probable it is that a person escapes and catches as its group says, relative to no exposure. */
  #received(level: number, person: number, { escapes, infected }: TraceGroup): number {
    const first = this.#first[person]!;
    const escape = this.#escape[level]!;
    let product = 1;
    for (let k = first; k < first + escapes; k++) product *= escape[k]!;
    return infected ? product * this.#catching(level, first + escapes) : product;
  }

  /** The same for all that the last person's groups can say. */
  #fillReceiving(level: number): void {
    const first = this.#first[level]!;
    let product = 1;
    for (let k = 0; k <= this.#persons[level]!.exposedOn.length; k++) {
      this.#receiving[2 * k] = product;
      if (k === this.#persons[level]!.exposedOn.length) return;
      this.#receiving[2 * k + 1] = product * this.#catching(level, first + k);
      product *= this.#escape[level]![first + k]!;
    }
  }

  /** P(infected with the exposure) / P(infected from outside). */
  #catching(level: number, place: number): number {
    return 1 + this.#odds[place]! * this.#caught[level]![place]!;
  }
}
