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
  const classes = classesOf(statistics);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const arrivals = arrivalsOf(classes, weights);
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
  const arrivals = arrivalsOf(classesOf(statistics), weights);
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

/** Infections under the same exposure, in columns. */
interface InfectionClasses {
  readonly count: Float64Array;
  /** [classes, sources]: exposure to each source at a weight of one. */
  readonly exposures: Float64Array;
}

function classesOf({ infections, units }: TransitionStatistics): InfectionClasses {
  const size = units.length + 1;
  const count = new Float64Array(infections.size);
  const exposures = new Float64Array(infections.size * size);
  let at = 0;
  for (const infection of infections.values()) {
    count[at] = infection.count;
    exposures[at * size] = infection.outside;
    exposures.set(infection.units, at * size + 1);
    at++;
  }
  return { count, exposures };
}

/** Expected arrivals of each source. */
function arrivalsOf({ count, exposures }: InfectionClasses, weights: Weights): Float64Array {
  const size = weights.length;
  const arrivals = new Float64Array(size);
  for (let at = 0, row = 0; at < count.length; at++, row += size) {
    let nats = 0;
    for (let k = 0; k < size; k++) nats += weights[k]! * exposures[row + k]!;
    const each = count[at]! / -Math.expm1(-nats);
    for (let k = 0; k < size; k++) arrivals[k]! += each * weights[k]! * exposures[row + k]!;
  }
  return arrivals;
}

/** What each source gives, nat. */
function partsOf(outside: number, units: Float64Array, weights: Weights): Float64Array {
  return Float64Array.from(weights, (weight, k) => weight * (k === 0 ? outside : units[k - 1]!));
}
