import type { Conditional } from './conditional.ts';
import { RiskChain } from './chain.ts';
import { MarginalSums, marginalValues } from './marginal.sums.ts';
import type { Population } from './population.ts';
import { RiskSeries, SERIES_BATCHES } from './risk.series.ts';
import { SourceSums } from './sources.ts';

/** How long chains run, and what of them counts. */
export interface SamplingPlan {
  /** Non-negative safe integer. */
  readonly seed: number;
  readonly chains: number;
  /** Sweeps before any counts. */
  readonly warmUp: number;
  /** Sweeps after that. */
  readonly sweeps: number;
  /** Every so many sweeps count; those between may take the short way. */
  readonly marginalsEvery: number;
  /** After every so many sweeps groups are drawn; 0: never. */
  readonly groupsEvery: number;
  /** Persons whose sources of infection are wanted. */
  readonly explain: readonly number[];
}

/** Most sums of marginals in all batches of a chain, beyond what one batch needs. */
const BATCHED_VALUES = 2 ** 24;
const MOST_BATCHES = 8;

/** What one chain has counted, over shared memory: data alone, as threads hand it on. */
export interface ChainSums {
  readonly marginals: Pick<MarginalSums, 'sums' | 'sweeps'>;
  readonly series: Pick<RiskSeries, 'sum' | 'squares' | 'batches' | 'sweeps'>;
  readonly sources: readonly Pick<SourceSums, 'sources' | 'byContact' | 'outside'>[];
}

/** What a chain goes on from: copies. */
export interface ChainCheckpoint {
  /** Sweeps that are done, those of the warm-up counted. */
  readonly done: number;
  /** [4, persons]: first days in E, I and R, and leads. */
  readonly state: Uint8Array;
  readonly sums: readonly (Float64Array | Float32Array | Uint32Array)[];
}

/** Sweeps of one chain that count. */
export function countedSweeps({ sweeps, marginalsEvery }: SamplingPlan): number {
  return Math.floor(sweeps / marginalsEvery);
}

/** One chain and its sums, sweep by sweep; between two sweeps it can be put down, and taken up elsewhere. */
export class ChainRun {
  readonly chain: RiskChain;
  readonly #marginals: MarginalSums;
  readonly #series: RiskSeries;
  readonly #sources: readonly SourceSums[];
  readonly #plan: SamplingPlan;
  readonly #explained: ReadonlyMap<number, SourceSums>;
  #done = 0;

  constructor(population: Population, plan: SamplingPlan, chain: number) {
    const { persons, days } = population;
    this.chain = new RiskChain(population, plan.seed, chain);
    this.#plan = plan;
    this.#marginals = new MarginalSums(persons, days, batchesOf(population, plan));
    this.#series = new RiskSeries(persons);
    this.#sources = plan.explain.map((person) => new SourceSums(population, person));
    this.#explained = new Map(this.#sources.map((sums) => [sums.sources.person, sums]));
  }

  get sums(): ChainSums {
    const { sums, sweeps } = this.#marginals;
    const { sum, squares, batches, sweeps: counted } = this.#series;
    return {
      marginals: { sums, sweeps },
      series: { sum, squares, batches, sweeps: counted },
      sources: this.#sources.map(({ sources, byContact, outside }) => ({ sources, byContact, outside })),
    };
  }

  /** Sweeps that are done. */
  get done(): number {
    return this.#done;
  }

  get finished(): boolean {
    return this.#done >= this.#plan.warmUp + this.#plan.sweeps;
  }

  /** One sweep. */
  step(): void {
    const { warmUp, marginalsEvery, groupsEvery } = this.#plan;
    const number = this.#done;
    const kept = number - warmUp + 1;
    if (kept > 0 && kept % marginalsEvery === 0) this.#count(number, kept / marginalsEvery - 1);
    else this.chain.sweep(number);
    if (groupsEvery > 0 && (number + 1) % groupsEvery === 0) this.chain.sweepGroups(number);
    this.#done++;
  }

  checkpoint(): ChainCheckpoint {
    const state = this.chain.state.trajectories();
    return { done: this.#done, state, sums: this.#arrays().map((array) => array.slice()) };
  }

  restore({ done, state, sums }: ChainCheckpoint): void {
    this.#done = done;
    this.chain.state.take(state);
    this.#arrays().forEach((array, k) => array.set(sums[k]!));
  }

  #count(number: number, sample: number): void {
    const [marginals, series] = [this.#marginals, this.#series];
    const samples = countedSweeps(this.#plan);
    const batch = Math.floor((sample * marginals.sweeps.length) / samples);
    const part = Math.floor((sample * SERIES_BATCHES) / samples);
    this.chain.sweep(number, (person, law) => {
      marginals.add(batch, person, law);
      series.add(part, person, riskAtEnd(law));
      if (this.#explained.size > 0) this.#explained.get(person)?.add(this.chain.state, law);
    });
    marginals.sweeps[batch]!++;
    series.sweeps[part]!++;
  }

  #arrays(): readonly (Float64Array | Float32Array | Uint32Array)[] {
    const { marginals, series, sources } = this.sums;
    return [
      marginals.sums,
      marginals.sweeps,
      series.sum,
      series.squares,
      series.batches,
      series.sweeps,
      ...sources.flatMap(({ byContact, outside }) => [byContact, outside]),
    ];
  }
}

/** P(E or I) on the window's last day. */
function riskAtEnd({ entersE, entersR }: Conditional): number {
  let risk = 0;
  for (let day = 0; day < entersE.length; day++) risk += entersE[day]! - entersR[day]!;
  return risk;
}

/** As many batches as memory allows, at most one for each sweep that counts; of a single chain at least two, for its error. */
function batchesOf({ persons, days }: Population, plan: SamplingPlan): number {
  const fit = Math.floor(BATCHED_VALUES / marginalValues(persons, days));
  const least = plan.chains === 1 ? 2 : 1;
  return Math.max(1, Math.min(Math.max(least, Math.min(MOST_BATCHES, fit)), countedSweeps(plan)));
}
