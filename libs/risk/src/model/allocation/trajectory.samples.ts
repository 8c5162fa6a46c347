import type { ChainState } from '../sampler/chain.state.ts';

/** Trajectories of everybody at once, drawn from what is believed: who is infected in one draw is so together. */
export interface TrajectorySamples {
  readonly samples: number;
  readonly persons: number;
  readonly days: number;
  /** [samples, persons]: first days in E, I and R; `days` where there is none. */
  readonly exposed: Uint8Array;
  readonly infectious: Uint8Array;
  readonly removed: Uint8Array;
  /** [samples, persons]: days for which somebody infectious on day 0 has been so before. */
  readonly lead: Uint8Array;
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
  add({ exposed, infectious, removed, lead }: Pick<ChainState, 'exposed' | 'infectious' | 'removed' | 'lead'>): void {
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
