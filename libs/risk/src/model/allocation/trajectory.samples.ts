import type { Trajectories } from '../sampler/trajectories.ts';

/** Trajectories of everybody at once, drawn from what is believed, [samples, persons] each: who is infected in one draw is so together. */
export interface TrajectorySamples extends Trajectories {
  readonly samples: number;
  readonly persons: number;
  readonly days: number;
}

/** Keeps states of chains as samples, the first of many. */
export class SampleCollector {
  readonly #samples: TrajectorySamples;
  #count = 0;

  /** @param most samples that there is room for */
  constructor(most: number, persons: number, days: number) {
    const column = () => new Uint8Array(most * persons);
    this.#samples = {
      samples: most,
      persons,
      days,
      exposed: column(),
      infectious: column(),
      removed: column(),
      lead: column(),
    };
  }

  /** Takes a copy of the state; one for which there is no room is let go. */
  add({ exposed, infectious, removed, lead }: Trajectories): void {
    const { samples, persons, ...columns } = this.#samples;
    if (this.#count === samples) return;
    const at = this.#count++ * persons;
    columns.exposed.set(exposed, at);
    columns.infectious.set(infectious, at);
    columns.removed.set(removed, at);
    columns.lead.set(lead, at);
  }

  /** What was kept up to now. */
  kept(): TrajectorySamples {
    return { ...this.#samples, samples: this.#count };
  }
}
