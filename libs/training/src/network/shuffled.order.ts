import { seedFor } from '@haat/onnx';

/** Rounds of the network; from six on no test of randomness tells it from a drawn permutation of any use here. */
const ROUNDS = 8;

/**
 * The row at each place of a shuffled order of `rows` rows: a permutation as a function of seed and place, without a table. A
 * Feistel network over the smallest square of a power of two that holds them, walked until it comes back inside (Black and
 * Rogaway 2002): any place of any epoch is there at once, in any thread.
 */
export function shuffledOrder(rows: number, seed: number): (place: number) => number {
  const half = Math.max(1, Math.ceil(Math.log2(rows) / 2));
  const mask = 2 ** half - 1;
  const keys = Int32Array.from({ length: ROUNDS }, (_, round) => seedFor(seed, `round ${round}`));
  return (place) => {
    let at = place;
    do {
      let left = Math.floor(at / (mask + 1));
      let right = at & mask;
      for (const key of keys) [left, right] = [right, left ^ (mixed(right ^ key) & mask)];
      at = left * (mask + 1) + right;
    } while (at >= rows);
    return at;
  };
}

function mixed(bits: number): number {
  const a = Math.imul(bits ^ (bits >>> 16), 0x21f0aaad);
  const b = Math.imul(a ^ (a >>> 15), 0x735a2d97);
  return (b ^ (b >>> 15)) >>> 0;
}
