/** Outputs and taps are taken by so many at once: pad inputs and outputs to multiples of it. */
export const TILE = 4;

/** Rounded up to whole tiles. */
export function tiled(length: number): number {
  return Math.ceil(length / TILE) * TILE;
}

/** Taps padded with zeros to whole tiles. */
export function tiledTaps(taps: ArrayLike<number>): Float64Array {
  const padded = new Float64Array(tiled(taps.length));
  padded.set(taps);
  return padded;
}

/**
 * out[i] = sum over m of taps[m] x[offset + i + m], for i below n, in tiles of four outputs and four taps that are held in registers. Reads
 * tiled(n) + tiled(taps) values of x from `offset` on and writes tiled(n) outputs.
 *
 * @param taps of a length that is a multiple of four
 */
export function correlate(out: Float64Array, x: Float64Array, offset: number, taps: Float64Array, n: number): void {
  const length = taps.length;
  for (let i = 0; i < n; i += 4) {
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    let at = offset + i;
    let x0 = x[at]!;
    let x1 = x[at + 1]!;
    let x2 = x[at + 2]!;
    for (let m = 0; m < length; m += 4, at += 4) {
      const t0 = taps[m]!;
      const t1 = taps[m + 1]!;
      const t2 = taps[m + 2]!;
      const t3 = taps[m + 3]!;
      const x3 = x[at + 3]!;
      const x4 = x[at + 4]!;
      const x5 = x[at + 5]!;
      const x6 = x[at + 6]!;
      a += t0 * x0 + t1 * x1 + (t2 * x2 + t3 * x3);
      b += t0 * x1 + t1 * x2 + (t2 * x3 + t3 * x4);
      c += t0 * x2 + t1 * x3 + (t2 * x4 + t3 * x5);
      d += t0 * x3 + t1 * x4 + (t2 * x5 + t3 * x6);
      x0 = x4;
      x1 = x5;
      x2 = x6;
    }
    out[i] = a;
    out[i + 1] = b;
    out[i + 2] = c;
    out[i + 3] = d;
  }
}
