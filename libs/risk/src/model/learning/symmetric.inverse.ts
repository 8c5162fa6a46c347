/** The inverse of a symmetric matrix [n, n] by Cholesky's factors; null where it is not positive definite. */
export function symmetricInverse(matrix: Float64Array, n: number): Float64Array | null {
  const factor = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = matrix[i * n + j]!;
      for (let k = 0; k < j; k++) rest -= factor[i * n + k]! * factor[j * n + k]!;
      if (i === j && !(rest > 0)) return null;
      factor[i * n + j] = i === j ? Math.sqrt(rest) : rest / factor[j * n + j]!;
    }
  }
  const inverse = new Float64Array(n * n);
  const column = new Float64Array(n);
  for (let unit = 0; unit < n; unit++) {
    for (let i = 0; i < n; i++) {
      let rest = i === unit ? 1 : 0;
      for (let k = 0; k < i; k++) rest -= factor[i * n + k]! * column[k]!;
      column[i] = rest / factor[i * n + i]!;
    }
    for (let i = n - 1; i >= 0; i--) {
      let rest = column[i]!;
      for (let k = i + 1; k < n; k++) rest -= factor[k * n + i]! * inverse[k * n + unit]!;
      inverse[i * n + unit] = rest / factor[i * n + i]!;
    }
  }
  return inverse;
}
