/** Rows of a sample by bin, and by the group in which they stand. */
export interface BinnedSample {
  /** [bins] */
  readonly counts: Float64Array;
  /** [groups, bins]; absent where each row varies on its own. */
  readonly byGroup?: Float64Array;
}

/** Counts rows by bin, those of bin -1 left out. `groups` numbers the group of each row from 0 on. */
export function binnedSample(binOf: Int8Array, bins: number, groups?: Uint32Array): BinnedSample {
  const counts = new Float64Array(bins);
  for (let row = 0; row < binOf.length; row += 1) if (binOf[row]! >= 0) counts[binOf[row]!]! += 1;
  if (groups === undefined) return { counts };
  let last = -1;
  for (let row = 0; row < groups.length; row += 1) if (groups[row]! > last) last = groups[row]!;
  const byGroup = new Float64Array((last + 1) * bins);
  for (let row = 0; row < binOf.length; row += 1)
    if (binOf[row]! >= 0) byGroup[groups[row]! * bins + binOf[row]!]! += 1;
  return { counts, byGroup };
}

/** The sample with bins taken together: `into[k]` is the new number of bin k, of `width` in all. */
export function pooledSample({ counts, byGroup }: BinnedSample, into: Uint8Array, width: number): BinnedSample {
  const pool = (from: Float64Array) => {
    const pooled = new Float64Array((from.length / into.length) * width);
    from.forEach((count, at) => (pooled[Math.floor(at / into.length) * width + into[at % into.length]!]! += count));
    return pooled;
  };
  return { counts: pool(counts), ...(byGroup && { byGroup: pool(byGroup) }) };
}

/**
 * Covariances [bins, bins] of a sample's shares: of independent rows, or by how far groups lie apart (the linearised ratio estimator, Cochran, "Sampling
 * Techniques", 3rd ed., section 6.3 and 9A.3).
 */
export function shareCovariance({ counts, byGroup }: BinnedSample): Float64Array {
  const bins = counts.length;
  const rows = sum(counts);
  const share = counts.map((count) => count / rows);
  const covariance = new Float64Array(bins * bins);
  if (byGroup === undefined) {
    for (let b = 0; b < bins; b += 1)
      for (let c = 0; c < bins; c += 1) covariance[b * bins + c] = (share[b]! * (Number(b === c) - share[c]!)) / rows;
    return covariance;
  }
  let groups = 0;
  const apart = new Float64Array(bins);
  for (let from = 0; from < byGroup.length; from += bins) {
    const own = byGroup.subarray(from, from + bins);
    const size = sum(own);
    if (size === 0) continue;
    groups += 1;
    for (let b = 0; b < bins; b += 1) apart[b] = own[b]! - size * share[b]!;
    for (let b = 0; b < bins; b += 1)
      for (let c = 0; c < bins; c += 1) covariance[b * bins + c]! += apart[b]! * apart[c]!;
  }
  return covariance.map((value) => (value * groups) / ((groups - 1) * rows * rows));
}

/** How many groups hold a row of the sample; as many as there are rows where none are told. */
export function groupsOf({ counts, byGroup }: BinnedSample): number {
  if (byGroup === undefined) return sum(counts);
  let groups = 0;
  for (let from = 0; from < byGroup.length; from += counts.length)
    groups += Number(byGroup.subarray(from, from + counts.length).some((count) => count > 0));
  return groups;
}

export function sum(counts: ArrayLike<number>): number {
  let total = 0;
  for (let k = 0; k < counts.length; k += 1) total += counts[k]!;
  return total;
}
