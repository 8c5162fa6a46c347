import type { RiskProblem } from '../contract/index.ts';
import {
  contactIndex,
  movedTrajectories,
  populationOf,
  RiskChain,
  type ChainState,
  type Population,
} from '../model/index.ts';

/** What a day's sweeps are for. */
export interface DaySweeps {
  /** Sweeps before any counts, and those that do. */
  readonly warmUp: number;
  readonly sweeps: number;
  /** Of those that count, every so many are shown to `see`; the others take the short way. */
  readonly seenEvery: number;
  /** After every so many sweeps groups are drawn; 0: never. */
  readonly groupsEvery: number;
}

type See = Parameters<RiskChain['sweep']>[1];

/** One chain that goes on from day to day: each day's first state is that of the day before, a day longer. */
export class DailyChain {
  readonly #seed: number;
  #last: ChainState | null = null;
  #done = 0;

  constructor(seed: number) {
    this.#seed = seed;
  }

  /**
   * Sweeps over a problem that is the one before and a day more.
   *
   * @param see called with the law of each person in each sweep that is seen; null: none is
   * @param after called after each sweep that counts
   */
  run(
    problem: RiskProblem,
    { warmUp, sweeps, seenEvery, groupsEvery }: DaySweeps,
    see: See,
    after: (state: ChainState) => void,
  ): Population {
    const population = populationOf(problem, contactIndex(problem));
    const chain = new RiskChain(population, this.#seed, 0);
    if (this.#last) {
      const before = this.#last.population.days;
      chain.state.take(movedTrajectories(this.#last.trajectories(), before, 0, population.days));
    }
    for (let sweep = 0; sweep < warmUp + sweeps; sweep++) {
      const counted = sweep - warmUp + 1;
      chain.sweep(this.#done, counted > 0 && counted % seenEvery === 0 ? see : null);
      if (groupsEvery > 0 && (sweep + 1) % groupsEvery === 0) chain.sweepGroups(this.#done);
      if (counted > 0) after(chain.state);
      this.#done++;
    }
    this.#last = chain.state;
    return population;
  }
}
