import type { TransitionStatistics } from './transition.statistics.ts';

/** Factor on the external rates, and weights of the channels, nat a unit: one vector, the factor first. */
export type Weights = Float64Array;

/** Rounds of expectation and maximisation within one step: each is a sum over the classes of infections. */
const MOST_ROUNDS = 10_000;
const TOLERANCE = 1e-10;

/** Weights below this are as good as none. */
const LEAST = 1e-12;

/**
 * The weights that make given transitions most probable. Of an infection under h nats the expected number of arrivals from a source of weight w is
 * w / (1 - exp(-h)) (a Poisson number given that the sum is not zero: the latent cause of the noisy-OR); the next weight is arrivals over exposure, in closed form.
 */
export function mostProbableWeights(statistics: TransitionStatistics, start: Weights): Weights {
  let weights = start;
  const exposure = exposureOf(statistics);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const arrivals = arrivalsOf(statistics, weights);
    const next = weights.map((weight, k) => (exposure[k]! > 0 ? Math.max(LEAST, arrivals[k]! / exposure[k]!) : weight));
    const moved = next.reduce((most, weight, k) => Math.max(most, Math.abs(Math.log(weight / weights[k]!))), 0);
    weights = next;
    if (moved < TOLERANCE) break;
  }
  return weights;
}

/** Slope and curvature of the log likelihood of transitions in the logarithms of the weights. */
export interface Curvature {
  readonly score: Float64Array;
  /** [k, k], minus the second derivatives. */
  readonly information: Float64Array;
}

export function curvatureOf(statistics: TransitionStatistics, weights: Weights): Curvature {
  const size = weights.length;
  const exposure = exposureOf(statistics);
  const arrivals = arrivalsOf(statistics, weights);
  const score = arrivals.map((arrived, k) => arrived - weights[k]! * exposure[k]!);
  const information = new Float64Array(size * size);
  for (const { outside, units, count } of statistics.infections.values()) {
    const parts = partsOf(outside, units, weights);
    const nats = parts.reduce((sum, part) => sum + part, 0);
    const factor = (count * Math.exp(-nats)) / Math.expm1(-nats) ** 2;
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++) information[i * size + j]! += factor * parts[i]! * parts[j]!;
  }
  for (let k = 0; k < size; k++) information[k * size + k]! -= score[k]!;
  return { score, information };
}

function exposureOf({ outside, units }: TransitionStatistics): Float64Array {
  return Float64Array.of(outside, ...units);
}

/** Expected arrivals of each source. */
function arrivalsOf(statistics: TransitionStatistics, weights: Weights): Float64Array {
  const arrivals = new Float64Array(weights.length);
  for (const { outside, units, count } of statistics.infections.values()) {
    const parts = partsOf(outside, units, weights);
    const infected = -Math.expm1(-parts.reduce((sum, part) => sum + part, 0));
    for (let k = 0; k < parts.length; k++) arrivals[k]! += (count * parts[k]!) / infected;
  }
  return arrivals;
}

/** What each source gives, nat. */
function partsOf(outside: number, units: Float64Array, weights: Weights): Float64Array {
  return Float64Array.from(weights, (weight, k) => weight * (k === 0 ? outside : units[k - 1]!));
}
