/** Uniform numbers in [0, 1), the same for the same seed (splitmix32). */
export function splitmix(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    const a = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    const b = Math.imul(a ^ (a >>> 15), 0x735a2d97);
    return ((b ^ (b >>> 15)) >>> 0) / 2 ** 32;
  };
}
