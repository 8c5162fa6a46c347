import { groupsOf, pooledSample, shareCovariance, sum, type BinnedSample } from './binned.sample.ts';
import chiSquareQuantile from '@stdlib/stats-base-dists-chisquare-quantile';

/** A population stability index beside what it may be by chance alone. */
export interface Stability {
  /** Sum over bins of (q - p) ln(q / p), nat; p and q are the shares of the reference and of what is judged. */
  readonly psi: number;
  /** What it stays below without drift, but for the share `alarm`; null where there is too little to judge. */
  readonly threshold: number | null;
}

/** Values that a bin must be expected to hold in the smaller of two samples; rarer bins are taken together. So many groups a sample must have, too. */
const leastExpected = 10;
/** Added to every count, so that an empty bin has a logarithm. */
const pseudoCount = 0.5;

/**
 * PSI of two samples, with a threshold from its own null distribution: without drift PSI is, to second order, the chi-square statistic of homogeneity
 * times (1/n + 1/m), so that its quantile is that of chi-square with (bins - 1) degrees of freedom times the same (Yurdakul, "Statistical properties of
 * the population stability index", Western Michigan University 2018, chapter 3). Bins are taken together, left to right, until the pooled counts let the
 * approximation hold.
 *
 * Where rows of one group vary together, the statistic is a weighted sum of chi-squares; its quantile is that of the chi-square with the same mean and
 * variance (Rao and Scott, Annals of Statistics 12 (1984), second-order correction), and never taken to be below that of independent rows. Groups that stand
 * in both samples make it too large rather than too small.
 */
export function stabilityOf(reference: BinnedSample, judged: BinnedSample, alarm: number): Stability {
  const [n, m] = [sum(reference.counts), sum(judged.counts)];
  const { into, width } = bigBins(reference.counts, judged.counts, n, m);
  if (width < 2 || Math.min(groupsOf(reference), groupsOf(judged)) < leastExpected) return { psi: 0, threshold: null };
  const [before, after] = [pooledSample(reference, into, width), pooledSample(judged, into, width)];
  const shareOf = (count: number, total: number) => (count + pseudoCount) / (total + pseudoCount * width);
  let psi = 0;
  for (let bin = 0; bin < width; bin += 1) {
    const [p, q] = [shareOf(before.counts[bin]!, n), shareOf(after.counts[bin]!, m)];
    psi += (q - p) * Math.log(q / p);
  }
  const independent = chiSquareQuantile(1 - alarm, width - 1);
  return { psi, threshold: (1 / n + 1 / m) * Math.max(independent, groupedQuantile(before, after, alarm)) };
}

/** The quantile of the statistic of homogeneity where rows vary by group; 0 where none are told. */
function groupedQuantile(before: BinnedSample, after: BinnedSample, alarm: number): number {
  if (before.byGroup === undefined && after.byGroup === undefined) return 0;
  const [n, m] = [sum(before.counts), sum(after.counts)];
  const [of, to] = [shareCovariance(before), shareCovariance(after)];
  const width = before.counts.length;
  const expected = before.counts.map((count, bin) => ((1 / n + 1 / m) * (count + after.counts[bin]!)) / (n + m));
  let [mean, square] = [0, 0];
  for (let b = 0; b < width; b += 1) {
    for (let c = 0; c < width; c += 1) {
      const covariance = of[b * width + c]! + to[b * width + c]!;
      if (b === c) mean += covariance / expected[b]!;
      square += covariance ** 2 / (expected[b]! * expected[c]!);
    }
  }
  return square === 0 ? 0 : (square / mean) * chiSquareQuantile(1 - alarm, mean ** 2 / square);
}

/** Which bin each bin is taken into, from the left, so that the smaller sample may be expected to hold enough in each. */
function bigBins(reference: Float64Array, judged: Float64Array, n: number, m: number) {
  const into = new Uint8Array(reference.length);
  if (n === 0 || m === 0) return { into, width: 0 };
  let [width, open] = [0, 0];
  for (let bin = 0; bin < into.length; bin += 1) {
    into[bin] = width;
    open += reference[bin]! + judged[bin]!;
    if ((open / (n + m)) * Math.min(n, m) < leastExpected) continue;
    width += 1;
    open = 0;
  }
  // What is left over goes with the last one.
  return { into: into.map((bin) => Math.min(bin, width - 1)), width };
}
