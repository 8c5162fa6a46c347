import type { ChainAgreement } from '../../contract/index.ts';
import type { ChainSums } from './chain.run.ts';
import { SERIES_BATCHES } from './risk.series.ts';

type RiskSeries = ChainSums['series'];

/** Variances below this are those of rounding. */
const NO_SPREAD = 1e-24;

/**
 * Split R-hat and effective number of samples of each person's P(E or I) on the last day. R-hat compares the means of all half chains with the spread
 * within them; the effective number is the spread over the variance of the mean, that from means of batches, and at most the number of
 * sweeps. With fewer than four sweeps of a chain R-hat is 1, for nothing can be compared.
 */
export function chainAgreement(persons: number, chains: readonly RiskSeries[]): ChainAgreement {
  const rHat = new Float64Array(persons);
  const effectiveSamples = new Float64Array(persons);
  for (let person = 0; person < persons; person++) {
    const halves = chains.flatMap((series) => [halfOf(series, 0, person, persons), halfOf(series, 1, person, persons)]);
    const within = mean(halves.map(({ variance }) => variance));
    const between = varianceOf(halves.map((half) => half.mean));
    const samples = halves.reduce((sum, { sweeps }) => sum + sweeps, 0);
    const each = samples / halves.length;
    const still = within <= NO_SPREAD;
    rHat[person] = each < 2 || (still && between <= NO_SPREAD) ? 1 : Math.sqrt((each - 1) / each + between / within);
    const ofMean = varianceOfMean(chains, person, persons);
    const spread = within * (1 - 1 / each) + between;
    effectiveSamples[person] = ofMean <= NO_SPREAD ? samples : Math.min(samples, spread / ofMean);
  }
  return { rHat, effectiveSamples };
}

function halfOf({ sum, squares, sweeps }: RiskSeries, half: 0 | 1, person: number, persons: number) {
  const count = SERIES_BATCHES / 2;
  const n = sweeps.subarray(half * count, (half + 1) * count).reduce((total, each) => total + each, 0);
  const average = n === 0 ? 0 : sum[half * persons + person]! / n;
  const centred = squares[half * persons + person]! - n * average * average;
  return { sweeps: n, mean: average, variance: n < 2 ? 0 : Math.max(0, centred / (n - 1)) };
}

/** Variance of the mean over all chains, from means of batches. */
function varianceOfMean(chains: readonly RiskSeries[], person: number, persons: number): number {
  const means = chains.flatMap(({ batches, sweeps }) =>
    [...sweeps].flatMap((n, batch) => (n === 0 ? [] : [batches[batch * persons + person]! / n])),
  );
  return varianceOf(means) / means.length;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Of fewer than two values: 0. */
function varianceOf(values: readonly number[]): number {
  const middle = mean(values);
  return values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / Math.max(1, values.length - 1);
}
