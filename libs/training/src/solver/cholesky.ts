/**
 * Solves A x = b for the rows and columns `index` of a symmetric positive definite matrix A [size, size], row-major.
 * Returns x [index], or null when the chosen block is not positive definite.
 */
export function solvePositiveDefinite(
  matrix: Float64Array,
  size: number,
  index: ArrayLike<number>,
  right: Float64Array,
): Float64Array | null {
  const n = index.length;
  const lower = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const rowI = i * n;
    const source = index[i]! * size;
    for (let j = 0; j <= i; j++) {
      const rowJ = j * n;
      let sum = matrix[source + index[j]!]!;
      for (let k = 0; k < j; k++) sum -= lower[rowI + k]! * lower[rowJ + k]!;
      if (i !== j) lower[rowI + j] = sum / lower[rowJ + j]!;
      else if (sum > 0) lower[rowI + i] = Math.sqrt(sum);
      else return null;
    }
  }
  const x = Float64Array.from(index, (i) => right[i]!);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i]! -= lower[i * n + k]! * x[k]!;
    x[i]! /= lower[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i]! -= lower[k * n + i]! * x[k]!;
    x[i]! /= lower[i * n + i]!;
  }
  return x;
}
