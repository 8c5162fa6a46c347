import { entryAt } from '../contacts/contact.entries.ts';
import type { ChainState } from './chain.state.ts';
import type { Conditional } from './conditional.ts';
import type { Population } from './population.ts';

/** The contacts that may have infected one person, a row each. */
export interface PossibleSources {
  readonly person: number;
  readonly from: Uint32Array;
  readonly day: Uint8Array;
  /** Class of exposure of each. */
  readonly kind: Uint32Array;
}

/** All contacts of a person in which the other exposed it. */
export function possibleSources({ days, contacts, exposure }: Population, person: number): PossibleSources {
  const { start, low, high, classBits, mirror } = contacts;
  const rows: { readonly from: number; readonly day: number; readonly kind: number }[] = [];
  for (let day = 0; day < days - 1; day++) {
    for (let k = start[person * days + day]!; k < start[person * days + day + 1]!; k++) {
      const entry = entryAt(low, high, k);
      const from = entry >>> classBits;
      const kind = mirror[entry & (2 ** classBits - 1)]!;
      if (exposure.plain[kind] !== 0) rows.push({ from, day, kind });
    }
  }
  return {
    person,
    from: Uint32Array.from(rows, ({ from }) => from),
    day: Uint8Array.from(rows, ({ day }) => day),
    kind: Uint32Array.from(rows, ({ kind }) => kind),
  };
}

/**
 * Sums over sweeps of the probability that each contact infected a person. Given an infection on a day, each source has its share of the exposure in
 * nats: as in a race of independent Poisson processes, in which the first arrival infects (the noisy-OR's latent cause).
 */
export class SourceSums {
  readonly sources: PossibleSources;
  /** [contacts]. */
  readonly byContact: Float64Array;
  /** [days]: infections from outside, by the first day in E. */
  readonly outside: Float64Array;

  constructor(population: Population, person: number) {
    this.sources = possibleSources(population, person);
    this.byContact = new Float64Array(new SharedArrayBuffer(this.sources.from.length * 8));
    this.outside = new Float64Array(new SharedArrayBuffer(population.days * 8));
  }

  add(state: ChainState, { entersE }: Conditional): void {
    const { days, exposure, external, region } = state.population;
    const { units, classes, unit } = exposure;
    const { person, from, day, kind } = this.sources;
    const nats = (on: number) => external[region[person]! * days + on]! + state.pressure[person * days + on]! * unit;
    for (let on = 0; on < days; on++) {
      this.outside[on]! += (entersE[on]! * external[region[person]! * days + on]!) / nats(on);
    }
    for (let k = 0; k < from.length; k++) {
      const phase = state.phaseOf(from[k]!, day[k]!);
      if (phase < 0) continue;
      const on = day[k]! + 1;
      this.byContact[k]! += (entersE[on]! * units[phase * classes + kind[k]!]! * unit) / nats(on);
    }
  }
}
