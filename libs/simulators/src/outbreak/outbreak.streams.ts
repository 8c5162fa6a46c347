import { RandomStream } from '../random/random.stream.ts';

/** What draws of an outbreak are for. The numbers are part of what a seed means: never reuse one, here or in another kind of world. */
const purposes = { person: 101, groups: 102, meetings: 103, tests: 104, testing: 105 } as const;

export type OutbreakPurpose = keyof typeof purposes;

/** The draws of one purpose for thing number `index` (a person, a meeting, a day). */
export function outbreakStream(seed: number, purpose: OutbreakPurpose, index: number): RandomStream {
  return new RandomStream(seed, purposes[purpose], index);
}

/** An index of shares, drawn by them. */
export function drawFrom(shares: readonly number[], stream: RandomStream): number {
  let left = stream.uniform();
  const last = shares.length - 1;
  for (let k = 0; k < last; k++) {
    left -= shares[k]!;
    if (left < 0) return k;
  }
  return last;
}
