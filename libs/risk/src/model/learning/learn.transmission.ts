import { checkProblem, type RiskParameters, type RiskProblem } from '../../contract/index.ts';
import { contactIndex } from '../contacts/contact.index.ts';
import { exposureWeights } from '../exposure.weights.ts';
import { RiskChain } from '../sampler/chain.ts';
import { populationOf } from '../sampler/population.ts';
import { symmetricInverse } from './symmetric.inverse.ts';
import { curvatureOf, mostProbableWeights, type Weights } from './transmission.likelihood.ts';
import { TransitionStatistics } from './transition.statistics.ts';

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

const defaults: LearningPlan = { seed: 1, steps: 60, sweeps: 10, sweepsForErrors: 400 };

/** One estimated probability. */
export interface RateEstimate {
  /** Name of the channel; `external` for the rate from outside (its factor, where it goes by region and day). */
  readonly name: string;
  readonly value: number;
  /** Standard error of the logarithm of the exposure, nat; null where what is observed says nothing of it. */
  readonly lnError: number | null;
  /** 95 % interval; null likewise. */
  readonly low: number | null;
  readonly high: number | null;
}

export interface LearnedTransmission {
  readonly parameters: RiskParameters;
  /** The external rate first, then each channel. */
  readonly estimates: readonly RateEstimate[];
  /** [steps][1 + channels]: the same values after each step. */
  readonly history: readonly (readonly number[])[];
}

/** After every so many sweeps groups are drawn. */
const GROUPS_EVERY = 4;

const NORMAL_95 = 1.959963984540054;

/**
 * Probabilities of transmission that make what was observed most probable, by Monte-Carlo expectation and maximisation (stochastic approximation: Delyon,
 * Lavielle, Moulines, Annals of Statistics 27, 1999), from sums over sampled trajectories; durations, tests and symptoms are taken as given. Standard
 * errors by the principle of missing information (Louis, JRSS B 44, 1982).
 *
 * @throws what `checkProblem` and `contactIndex` throw
 */
export function learnTransmission(problem: RiskProblem, options: Partial<LearningPlan> = {}): LearnedTransmission {
  const plan: LearningPlan = { ...defaults, ...options };
  checkProblem(problem);
  const contacts = contactIndex(problem);
  const base = populationOf(problem, contacts).external;
  const noStatistics = () => new TransitionStatistics(contacts.channels, base);
  const statistics = noStatistics();
  const history: number[][] = [];
  let weights: Weights = Float64Array.of(
    1,
    ...exposureWeights(problem.parameters).map((weight) => Math.max(weight, 1e-6)),
  );
  let chain = new RiskChain(populationOf(problem, contacts), plan.seed, 0);
  let sweep = 0;
  const drawn = (): TransitionStatistics => {
    chain.sweep(sweep);
    if (sweep % GROUPS_EVERY === 0) chain.sweepGroups(sweep);
    sweep++;
    const one = noStatistics();
    one.add(chain.state);
    return one;
  };
  for (let step = 0; step < plan.steps; step++) {
    const mean = noStatistics();
    for (let k = 1; k <= plan.sweeps; k++) mean.blend(drawn(), 1 / k);
    statistics.blend(mean, shareOf(step, plan.steps));
    weights = mostProbableWeights(statistics, weights);
    history.push(valuesOf(problem.parameters, weights));
    const population = populationOf({ ...problem, parameters: parametersWith(problem.parameters, weights) }, contacts);
    const before = chain.state;
    chain = new RiskChain(population, plan.seed, 0);
    chain.state.copy(before);
  }
  const lnErrors = errorsOf(weights, plan.sweepsForErrors, drawn);
  return {
    parameters: parametersWith(problem.parameters, weights),
    estimates: valuesOf(problem.parameters, weights).map((value, k) =>
      estimateOf(problem.parameters, k, value, weights[k]!, lnErrors[k]!),
    ),
    history,
  };
}

/** How much of the statistics a step replaces: half of them while the weights still move, then less and less. */
function shareOf(step: number, steps: number): number {
  const settled = step - Math.floor(steps / 2);
  return step === 0 ? 1 : settled <= 0 ? 0.5 : 1 / (settled + 2);
}

/**
 * Standard errors of the logarithms of the weights: the information in complete trajectories less what is missing, the variance of the score over
 * draws of them.
 */
function errorsOf(weights: Weights, sweeps: number, drawn: () => TransitionStatistics): readonly (number | null)[] {
  const size = weights.length;
  const complete = new Float64Array(size * size);
  const products = new Float64Array(size * size);
  const mean = new Float64Array(size);
  for (let k = 0; k < sweeps; k++) {
    const { score, information } = curvatureOf(drawn(), weights);
    for (let i = 0; i < size; i++) {
      mean[i]! += score[i]! / sweeps;
      for (let j = 0; j < size; j++) {
        complete[i * size + j]! += information[i * size + j]! / sweeps;
        products[i * size + j]! += (score[i]! * score[j]!) / sweeps;
      }
    }
  }
  const observed = complete.map((value, at) => {
    const [i, j] = [Math.floor(at / size), at % size];
    return value - (products[at]! - mean[i]! * mean[j]!);
  });
  const covariance = symmetricInverse(observed, size);
  return Array.from({ length: size }, (_, k) => (covariance === null ? null : Math.sqrt(covariance[k * size + k]!)));
}

/** The factor on external rates as the rate itself where there is one alone, and weights as probabilities. */
function valuesOf({ external }: RiskParameters, weights: Weights): number[] {
  const [factor, ...others] = weights;
  return [
    typeof external === 'number' ? scaledRate(external, factor!) : factor!,
    ...others.map((weight) => -Math.expm1(-weight)),
  ];
}

function estimateOf(
  { external, channels }: RiskParameters,
  k: number,
  value: number,
  weight: number,
  lnError: number | null,
): RateEstimate {
  const name = k === 0 ? 'external' : channels[k - 1]!.name;
  if (lnError === null) return { name, value, lnError, low: null, high: null };
  const at = (way: number) => {
    const moved = Math.exp(way * NORMAL_95 * lnError);
    if (k > 0) return -Math.expm1(-weight * moved);
    return typeof external === 'number' ? scaledRate(external, weight * moved) : weight * moved;
  };
  return { name, value, lnError, low: at(-1), high: at(1) };
}

function parametersWith(parameters: RiskParameters, [factor, ...others]: Weights): RiskParameters {
  const { external, channels } = parameters;
  return {
    ...parameters,
    external:
      typeof external === 'number'
        ? scaledRate(external, factor!)
        : external.map((byDay) => byDay.map((rate) => scaledRate(rate, factor!))),
    channels: channels.map((channel, k) => ({ ...channel, probability: -Math.expm1(-others[k]!) })),
  };
}

/** A rate whose exposure is multiplied; never so small that it has no logarithm. */
function scaledRate(rate: number, factor: number): number {
  return Math.max(1e-15, -Math.expm1(factor * Math.log1p(-rate)));
}
