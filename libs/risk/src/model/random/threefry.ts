const PARITY = 0x1bd11bda;

/**
 * Threefry-2x32 with 20 rounds (Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011): two random
 * 32-bit words for each key and counter of 64 bits. Chance is a function of place: no state, no order.
 *
 * @param into two words, replaced by the output
 */
export function threefry(
  into: Int32Array | Uint32Array,
  key0: number,
  key1: number,
  counter0: number,
  counter1: number,
): void {
  const key2 = PARITY ^ key0 ^ key1;
  let x = (counter0 + key0) | 0;
  let y = (counter1 + key1) | 0;
  let a = key1;
  let b = key2;
  let c = key0;
  for (let block = 1; block <= 5; block++) {
    if ((block & 1) === 1) {
      x = (x + y) | 0;
      y = ((y << 13) | (y >>> 19)) ^ x;
      x = (x + y) | 0;
      y = ((y << 15) | (y >>> 17)) ^ x;
      x = (x + y) | 0;
      y = ((y << 26) | (y >>> 6)) ^ x;
      x = (x + y) | 0;
      y = ((y << 6) | (y >>> 26)) ^ x;
    } else {
      x = (x + y) | 0;
      y = ((y << 17) | (y >>> 15)) ^ x;
      x = (x + y) | 0;
      y = ((y << 29) | (y >>> 3)) ^ x;
      x = (x + y) | 0;
      y = ((y << 16) | (y >>> 16)) ^ x;
      x = (x + y) | 0;
      y = ((y << 24) | (y >>> 8)) ^ x;
    }
    x = (x + a) | 0;
    y = (y + b + block) | 0;
    const first = a;
    a = b;
    b = c;
    c = first;
  }
  into[0] = x;
  into[1] = y;
}

/** Two words as a number in (0, 1): an odd multiple of 2^-53, so never an end. */
export function uniformOf(words: Int32Array | Uint32Array): number {
  return ((words[0]! >>> 6) * 0x4000000 + (words[1]! >>> 6) + 0.5) / 0x10000000000000;
}

/** Numbers in (0, 1), one after the other, for what needs no place of its own: initial states, tests. */
export function uniforms(seed: number, purpose: number): () => number {
  const words = new Int32Array(2);
  let count = 0;
  return () => {
    threefry(words, seed | 0, Math.floor(seed / 0x1_0000_0000) ^ (purpose << 16), count++, purpose);
    return uniformOf(words);
  };
}
