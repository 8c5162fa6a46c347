import {
  SampleCollector,
  trajectoriesIn,
  writeTrajectories,
  type ChainRun,
  type SamplingPlan,
  type TrajectorySamples,
} from '../model/index.ts';

/** Trajectories that all chains keep at the most, and samples that these are at the most and at the least. */
const TRAJECTORIES = 2 ** 25;
const [MOST, LEAST] = [256, 8];

interface Size {
  readonly persons: number;
  readonly days: number;
}

/** States of one chain, at even distances among the sweeps that count. */
export class ChainSamples {
  readonly #persons: number;
  readonly #plan: SamplingPlan;
  readonly #number: number;
  readonly #bytes: Uint8Array;

  constructor(size: Size, plan: SamplingPlan) {
    this.#persons = size.persons;
    this.#plan = plan;
    this.#number = samplesOf(size, plan);
    this.#bytes = new Uint8Array(this.#number * 4 * size.persons);
  }

  /** [samples, 4, persons]; those that are to come are 0. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  restore(bytes: Uint8Array): void {
    this.#bytes.set(bytes);
  }

  /** Called after each sweep. */
  see({ done, chain }: Pick<ChainRun, 'done' | 'chain'>): void {
    const counted = done - this.#plan.warmUp;
    const due = (sweeps: number) => Math.floor((sweeps * this.#number) / this.#plan.sweeps);
    if (counted < 1 || due(counted) === due(counted - 1)) return;
    const width = 4 * this.#persons;
    const at = due(counted - 1) * width;
    writeTrajectories(chain.state, this.#bytes.subarray(at, at + width));
  }
}

/** What all chains kept, as joint samples. */
export function pooledSamples({ persons, days }: Size, chains: readonly Uint8Array[]): TrajectorySamples {
  const width = 4 * persons;
  const collector = new SampleCollector(
    chains.reduce((sum, { length }) => sum + length / width, 0),
    persons,
    days,
  );
  for (const bytes of chains) {
    for (let at = 0; at < bytes.length; at += width) collector.add(trajectoriesIn(bytes.subarray(at, at + width)));
  }
  return collector.kept();
}

/** Of one chain. */
function samplesOf({ persons }: Size, { chains, sweeps }: SamplingPlan): number {
  const all = Math.max(LEAST, Math.min(MOST, Math.floor(TRAJECTORIES / persons)));
  return Math.min(sweeps, Math.ceil(all / chains));
}
