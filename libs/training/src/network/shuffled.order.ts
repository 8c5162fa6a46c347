import { seedFor } from '@haat/onnx';

/** Rounds of the network, each over one half; from six on no test of randomness that matters here tells it from a drawn permutation. */
const ROUNDS = 8;

/**
 * The row at each place of a shuffled order of `rows` rows: a permutation as a function of seed and place, without a table. A
 * Feistel network over the next power of two, walked until it comes back inside (Black and Rogaway 2002): any place of any
 * epoch is there at once, in any thread.
 */
export function shuffledOrder(rows: number, seed: number): (place: number) => number {
  const bits = Math.max(2, Math.ceil(Math.log2(rows)));
  const low = Math.floor(bits / 2);
  const [lowMask, highMask] = [2 ** low - 1, 2 ** (bits - low) - 1];
  const keys = Int32Array.from({ length: ROUNDS }, (_, round) => seedFor(seed, `round ${round}`));
  return (place) => {
    let at = place;
    do {
      let right = at & lowMask;
      let left = Math.floor(at / (lowMask + 1));
      for (let round = 0; round < ROUNDS; round += 2) {
        left ^= mixed(right ^ keys[round]!) & highMask;
        right ^= mixed(left ^ keys[round + 1]!) & lowMask;
      }
      at = left * (lowMask + 1) + right;
    } while (at >= rows);
    return at;
  };
}

function mixed(bits: number): number {
  const a = Math.imul(bits ^ (bits >>> 16), 0x21f0aaad);
  const b = Math.imul(a ^ (a >>> 15), 0x735a2d97);
  return (b ^ (b >>> 15)) >>> 0;
}
