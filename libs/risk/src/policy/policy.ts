import type { ObservedOutbreak, OutbreakContacts } from '@haat/simulators';

/** What a policy sees of a day. */
export interface Today {
  readonly day: number;
  readonly persons: number;
  readonly capacity: number;
  /** Who reported symptoms today. */
  readonly reports: readonly number[];
  /** Results of today's tests; empty while tests are chosen. */
  readonly results: readonly { readonly person: number; readonly positive: boolean }[];
  /** Recorded contacts of the days before, a piece a day. */
  readonly contacts: readonly OutbreakContacts[];
  /** All that has been observed. */
  readonly observed: () => ObservedOutbreak;
}

/** What is done about an outbreak, day by day. */
export interface Policy {
  /** Whom to test today, the most urgent first; those beyond the capacity are not. */
  whomToTest(today: Today): readonly number[];
  /** [persons]: 1 for who is kept apart today, results being known. */
  whoIsApart(today: Today): Uint8Array;
}

/** Until when persons are kept apart. */
export class Quarantine {
  readonly #until: Uint16Array;

  constructor(persons: number) {
    this.#until = new Uint16Array(persons);
  }

  /** Keeps a person apart for so many days, today being the first. */
  keep(person: number, day: number, days: number): void {
    this.#until[person] = Math.max(this.#until[person]!, day + days);
  }

  release(person: number): void {
    this.#until[person] = 0;
  }

  on(day: number): Uint8Array {
    return Uint8Array.from(this.#until, (until) => (until > day ? 1 : 0));
  }
}

/** Persons in order, each once. */
export function inOrder(...groups: readonly Iterable<number>[]): readonly number[] {
  return [...new Set(groups.flatMap((group) => [...group]))];
}
