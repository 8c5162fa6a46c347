import { entryAt } from '../contacts/contact.entries.ts';
import type { ChainState } from '../sampler/chain.state.ts';

/** Infections under the same exposure. */
export interface InfectionClass {
  /** External rate, nat, before it is scaled. */
  readonly outside: number;
  /** [channels]: units of contact with infectious persons on the day before, times infectivity. */
  readonly units: Float64Array;
  count: number;
}

/** The same as plain data. */
export interface TransitionCounts {
  readonly outside: number;
  readonly units: readonly number[];
  /** In the order in which they came: sums go by it. */
  readonly infections: readonly {
    readonly outside: number;
    readonly units: readonly number[];
    readonly count: number;
  }[];
}

/**
 * All that the likelihood of transmission needs of trajectories: by how much persons in S were exposed, and the exposures under which some of them were infected.
 * External rates are scaled by one factor, so that they count before it.
 */
export class TransitionStatistics {
  /** Sum of external rates over persons and days to which somebody came from S, nat. */
  outside = 0;
  /** [channels]: the same sum of units, times infectivity. */
  readonly units: Float64Array;
  readonly infections = new Map<string, InfectionClass>();

  readonly #base: Float64Array;

  /** @param base [regions, days]: external rates before they are scaled, nat */
  constructor(channels: number, base: Float64Array) {
    this.units = new Float64Array(channels);
    this.#base = base;
  }

  /** Counts one draw of everybody's trajectory. */
  add(state: ChainState): void {
    const { persons, days, region, starts } = state.population;
    for (let person = 0; person < persons; person++) {
      const until = Math.min(state.exposed[person]!, days - 1);
      const rates = region[person]! * days;
      for (let day = starts.has(person) ? 1 : 0; day <= until; day++) this.outside += this.#base[rates + day]!;
      this.#give(state, person);
      this.#infection(state, person);
    }
  }

  get counts(): TransitionCounts {
    const infections = [...this.infections.values()].map((one) => ({ ...one, units: [...one.units] }));
    return { outside: this.outside, units: [...this.units], infections };
  }

  restore({ outside, units, infections }: TransitionCounts): void {
    this.outside = outside;
    this.units.set(units);
    this.infections.clear();
    for (const one of infections) {
      this.infections.set(keyOf(one.outside, one.units), { ...one, units: Float64Array.from(one.units) });
    }
  }

  /** Takes `share` of another's counts and leaves the rest of one's own. */
  blend(other: TransitionStatistics, share: number): void {
    const keep = 1 - share;
    this.outside = keep * this.outside + share * other.outside;
    this.units.forEach((units, channel) => (this.units[channel] = keep * units + share * other.units[channel]!));
    for (const infection of this.infections.values()) infection.count *= keep;
    for (const [key, { outside, units, count }] of other.infections) {
      const own = this.infections.get(key);
      if (own) own.count += share * count;
      else this.infections.set(key, { outside, units, count: share * count });
    }
  }

  /** What a person gave to those who were still in S. */
  #give(state: ChainState, person: number): void {
    const { days, contacts, exposure } = state.population;
    const { start, low, high, classBits, exposures, channels } = contacts;
    const until = Math.min(state.removed[person]!, days - 1);
    for (let day = state.infectious[person]!; day < until; day++) {
      const { factor } = exposure.phases[state.phaseOf(person, day)]!;
      const cell = person * days + day;
      for (let k = start[cell]!; k < start[cell + 1]!; k++) {
        const entry = entryAt(low, high, k);
        if (state.exposed[entry >>> classBits]! <= day) continue;
        const kind = entry & (2 ** classBits - 1);
        for (let channel = 0; channel < channels; channel++) {
          this.units[channel]! += factor * exposures[kind * channels + channel]!;
        }
      }
    }
  }

  /** Under what a person was infected, where it was in the window. */
  #infection(state: ChainState, person: number): void {
    const { days, contacts, exposure, region, starts } = state.population;
    const { start, low, high, classBits, exposures, mirror, channels } = contacts;
    const exposed = state.exposed[person]!;
    if (exposed === days || (exposed === 0 && starts.has(person))) return;
    const units = new Float64Array(channels);
    const cell = person * days + exposed - 1;
    for (let k = exposed === 0 ? 0 : start[cell]!, end = exposed === 0 ? 0 : start[cell + 1]!; k < end; k++) {
      const entry = entryAt(low, high, k);
      const other = entry >>> classBits;
      const phase = state.phaseOf(other, exposed - 1);
      if (phase < 0) continue;
      const kind = mirror[entry & (2 ** classBits - 1)]!;
      const { factor } = exposure.phases[phase]!;
      for (let channel = 0; channel < channels; channel++) {
        units[channel]! += factor * exposures[kind * channels + channel]!;
      }
    }
    const outside = this.#base[region[person]! * days + exposed]!;
    const key = keyOf(outside, units);
    const known = this.infections.get(key);
    if (known) known.count++;
    else this.infections.set(key, { outside, units, count: 1 });
  }
}

function keyOf(outside: number, units: Float64Array | readonly number[]): string {
  return `${outside} ${units.join()}`;
}
