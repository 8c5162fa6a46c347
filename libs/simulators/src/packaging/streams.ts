import { RandomStream } from '../random/random.stream.ts';

/** What draws are for. The numbers are part of what a seed means: never reuse one. */
const purposes = { attributes: 1, category: 2, truth: 3, history: 4, randomlyPacked: 5 } as const;

export type Purpose = keyof typeof purposes;

/** The draws of one purpose for thing number `index` (a product's row, a category's hash). */
export function streamOf(seed: number, purpose: Purpose, index: number): RandomStream {
  return new RandomStream(seed, purposes[purpose], index);
}

/** FNV-1a hash of text over its UTF-16 units, unsigned 32-bit. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let k = 0; k < text.length; k++) hash = Math.imul(hash ^ text.charCodeAt(k), 0x01000193);
  return hash >>> 0;
}
