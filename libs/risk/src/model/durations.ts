/** Days in one state: shares by whole days, and what is left of them. */
export interface Durations {
  /** Shares; index 0 is 0. */
  readonly share: Float64Array;
  /** P(D ≥ d) for d from 0 to the longest + 1: summed from the end, so that small tails keep their digits. */
  readonly tail: Float64Array;
  readonly longest: number;
}

/** @param shares by whole days, index 0 zero, summing to one */
export function durationsOf(shares: readonly number[]): Durations {
  const longest = shares.length - 1;
  const tail = new Float64Array(longest + 2);
  for (let d = longest; d >= 0; d--) tail[d] = tail[d + 1]! + shares[d]!;
  return { share: Float64Array.from(shares), tail, longest };
}

/** Mean of the days, days. */
export function meanOf({ share }: Durations): number {
  return share.reduce((mean, each, d) => mean + d * each, 0);
}
