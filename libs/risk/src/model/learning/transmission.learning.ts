import { checkProblem, type RiskParameters, type RiskProblem } from '../../contract/index.ts';
import { contactIndex, type ContactIndex } from '../contacts/contact.index.ts';
import { exposureWeights } from '../exposure.weights.ts';
import { RiskChain } from '../sampler/chain.ts';
import { populationOf } from '../sampler/population.ts';
import { estimatesOf, parametersWith, valuesOf, type RateEstimate } from './rate.estimates.ts';
import { ScoreMoments, type ScoreSums } from './score.moments.ts';
import { curvatureOf, mostProbableWeights, type Weights } from './transmission.likelihood.ts';
import { TransitionStatistics, type TransitionCounts } from './transition.statistics.ts';

export interface LearningPlan {
  /** Non-negative safe integer. */
  readonly seed: number;
  /** Steps of expectation and maximisation; the first half moves freely, the second averages. */
  readonly steps: number;
  /** Sweeps of each step. */
  readonly sweeps: number;
  /** Sweeps from which standard errors are taken, after the last step. */
  readonly sweepsForErrors: number;
}

export interface LearnedTransmission {
  readonly parameters: RiskParameters;
  /** The external rate first, then each channel. */
  readonly estimates: readonly RateEstimate[];
  /** [steps][1 + channels]: the same values after each step. */
  readonly history: readonly (readonly number[])[];
}

/** What learning goes on from: copies. */
export interface LearningCheckpoint {
  /** Sweeps that are done. */
  readonly done: number;
  /** [4, persons]: first days in E, I and R, and leads. */
  readonly state: Uint8Array;
  readonly weights: readonly number[];
  readonly history: readonly (readonly number[])[];
  readonly counts: TransitionCounts;
  readonly errors: ScoreSums;
}

const defaults: LearningPlan = { seed: 1, steps: 60, sweeps: 10, sweepsForErrors: 400 };

/** After every so many sweeps groups are drawn. */
const GROUPS_EVERY = 4;

/**
 * Probabilities of transmission that make what was observed most probable, by Monte-Carlo expectation and maximisation (stochastic approximation: Delyon,
 * Lavielle, Moulines, Annals of Statistics 27, 1999), from sums over sampled trajectories; durations, tests and symptoms are taken as given. It can be put down
 * between two steps, and taken up elsewhere to the same end.
 *
 * @throws what `checkProblem` and `contactIndex` throw
 */
export class TransmissionLearning {
  readonly plan: LearningPlan;
  readonly #problem: RiskProblem;
  readonly #contacts: ContactIndex;
  /** [regions, days]: external rates before they are scaled, nat. */
  readonly #base: Float64Array;
  readonly #statistics: TransitionStatistics;
  readonly #errors: ScoreMoments;
  #history: (readonly number[])[] = [];
  #weights: Weights;
  #chain: RiskChain;
  #done = 0;

  constructor(problem: RiskProblem, options: Partial<LearningPlan> = {}) {
    checkProblem(problem);
    this.plan = { ...defaults, ...options };
    this.#problem = problem;
    this.#contacts = contactIndex(problem);
    const weights = exposureWeights(problem.parameters).map((weight) => Math.max(weight, 1e-6));
    this.#weights = Float64Array.of(1, ...weights);
    const population = populationOf(problem, this.#contacts);
    this.#base = population.external;
    this.#chain = new RiskChain(population, this.plan.seed, 0);
    this.#statistics = this.#noStatistics();
    this.#errors = new ScoreMoments(this.#weights.length, this.plan.sweepsForErrors);
  }

  /** Sweeps that are done. */
  get done(): number {
    return this.#done;
  }

  /** Sweeps of all steps, and those for standard errors. */
  get total(): number {
    const { steps, sweeps, sweepsForErrors } = this.plan;
    return steps * sweeps + sweepsForErrors;
  }

  get finished(): boolean {
    return this.#done >= this.total;
  }

  /** The values after each step up to now. */
  get history(): readonly (readonly number[])[] {
    return this.#history;
  }

  /** One step of expectation and maximisation; after the last of them one sweep for standard errors. */
  step(): void {
    const { steps, sweeps } = this.plan;
    const step = this.#history.length;
    if (step === steps) return this.#errors.add(curvatureOf(this.#drawn(), this.#weights));
    const mean = this.#noStatistics();
    for (let k = 1; k <= sweeps; k++) mean.blend(this.#drawn(), 1 / k);
    this.#statistics.blend(mean, shareOf(step, steps));
    this.#weights = mostProbableWeights(this.#statistics, this.#weights);
    this.#history.push(valuesOf(this.#problem.parameters, this.#weights));
    const before = this.#chain.state;
    this.#chain = this.#chainNow();
    this.#chain.state.copy(before);
  }

  checkpoint(): LearningCheckpoint {
    return {
      done: this.#done,
      state: this.#chain.state.trajectories(),
      weights: [...this.#weights],
      history: [...this.#history],
      counts: this.#statistics.counts,
      errors: this.#errors.sums,
    };
  }

  restore({ done, state, weights, history, counts, errors }: LearningCheckpoint): void {
    this.#done = done;
    this.#weights = Float64Array.from(weights);
    this.#history = [...history];
    this.#statistics.restore(counts);
    this.#errors.restore(errors);
    this.#chain = this.#chainNow();
    this.#chain.state.take(state);
  }

  result(): LearnedTransmission {
    const { parameters } = this.#problem;
    return {
      parameters: parametersWith(parameters, this.#weights),
      estimates: estimatesOf(parameters, this.#weights, this.#errors.lnErrors()),
      history: this.#history,
    };
  }

  /** A chain under the weights of now. */
  #chainNow(): RiskChain {
    const { parameters } = this.#problem;
    const now = { ...this.#problem, parameters: parametersWith(parameters, this.#weights) };
    return new RiskChain(populationOf(now, this.#contacts), this.plan.seed, 0);
  }

  #drawn(): TransitionStatistics {
    const sweep = this.#done++;
    this.#chain.sweep(sweep);
    if (sweep % GROUPS_EVERY === 0) this.#chain.sweepGroups(sweep);
    const one = this.#noStatistics();
    one.add(this.#chain.state);
    return one;
  }

  #noStatistics(): TransitionStatistics {
    return new TransitionStatistics(this.#contacts.channels, this.#base);
  }
}

/** How much of the statistics a step replaces: half of them while the weights still move, then less and less. */
function shareOf(step: number, steps: number): number {
  const settled = step - Math.floor(steps / 2);
  return step === 0 ? 1 : settled <= 0 ? 0.5 : 1 / (settled + 2);
}

/** The whole of `TransmissionLearning`, from its first step to its last. */
export function learnTransmission(problem: RiskProblem, options: Partial<LearningPlan> = {}): LearnedTransmission {
  const learning = new TransmissionLearning(problem, options);
  while (!learning.finished) learning.step();
  return learning.result();
}
