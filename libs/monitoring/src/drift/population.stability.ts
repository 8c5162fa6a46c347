import chiSquareQuantile from '@stdlib/stats-base-dists-chisquare-quantile';

/** A population stability index beside what it may be by chance alone. */
export interface Stability {
  /** Sum over bins of (q - p) ln(q / p), nat; p and q are the shares of the reference and of what is judged. */
  readonly psi: number;
  /** What it stays below without drift, but for the share `alarm`; null where there is too little to judge. */
  readonly threshold: number | null;
}

/** Values that a bin must be expected to hold in the smaller of two samples; rarer bins are taken together. */
const leastExpected = 10;
/** Added to every count, so that an empty bin has a logarithm. */
const pseudoCount = 0.5;

/**
 * PSI of two samples of counts [bins], with a threshold from its own null distribution: without drift PSI is, to second
 * order, the chi-square statistic of homogeneity times (1/n + 1/m), so that its quantile is that of chi-square with
 * (bins - 1) degrees of freedom times the same (Yurdakul, "Statistical properties of the population stability index",
 * Western Michigan University 2018, chapter 3). Bins are taken together, left to right, until the pooled counts let the
 * approximation hold.
 */
export function stabilityOf(reference: ArrayLike<number>, judged: ArrayLike<number>, alarm: number): Stability {
  const [n, m] = [sum(reference), sum(judged)];
  const bins = pooledBins(reference, judged, n, m);
  if (bins.length < 2) return { psi: 0, threshold: null };
  const shareOf = (count: number, total: number) => (count + pseudoCount) / (total + pseudoCount * bins.length);
  let psi = 0;
  for (const [before, after] of bins) {
    const [p, q] = [shareOf(before, n), shareOf(after, m)];
    psi += (q - p) * Math.log(q / p);
  }
  return { psi, threshold: (1 / n + 1 / m) * chiSquareQuantile(1 - alarm, bins.length - 1) };
}

function pooledBins(
  reference: ArrayLike<number>,
  judged: ArrayLike<number>,
  n: number,
  m: number,
): (readonly [number, number])[] {
  if (n === 0 || m === 0) return [];
  const bins: [number, number][] = [];
  let open: [number, number] = [0, 0];
  const smaller = Math.min(n, m);
  for (let k = 0; k < reference.length; k += 1) {
    open = [open[0] + reference[k]!, open[1] + judged[k]!];
    if (((open[0] + open[1]) / (n + m)) * smaller < leastExpected) continue;
    bins.push(open);
    open = [0, 0];
  }
  const last = bins.at(-1);
  if (last === undefined) return [];
  last[0] += open[0];
  last[1] += open[1];
  return bins;
}

function sum(counts: ArrayLike<number>): number {
  let total = 0;
  for (let k = 0; k < counts.length; k += 1) total += counts[k]!;
  return total;
}
