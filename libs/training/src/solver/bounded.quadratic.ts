import { solvePositiveDefinite } from './cholesky.ts';

export interface QuadraticSolution {
  readonly x: Float64Array;
  /** 1 where the solution is off its bound. */
  readonly free: Uint8Array;
  /** Linear systems that were solved. */
  readonly pivots: number;
}

/**
 * The exact minimum of g.x + x'Hx/2 over x >= lower, H [n, n] symmetric positive definite, by block principal pivoting with
 * Murty's rule as a backup, which makes it finite (Judice and Pires 1994). `lower` may be -Infinity. `warm` says which
 * variables to start with off their bound. Returns null when H is not positive definite or pivoting met its limit.
 */
export function minimiseBoundedQuadratic(
  hessian: Float64Array,
  gradient: Float64Array,
  lower: Float64Array,
  warm?: Uint8Array,
  maxPivots = 1000,
): QuadraticSolution | null {
  const n = gradient.length;
  const free = Uint8Array.from(lower, (bound, i) => Number(bound === -Infinity || (warm?.[i] ?? 1) === 1));
  const scale = gradient.reduce((largest, g) => Math.max(largest, Math.abs(g)), 0);
  let fewest = n + 1;
  let patience = 3;
  for (let pivots = 1; pivots <= maxPivots; pivots++) {
    const x = solveOnFree(hessian, gradient, lower, free);
    if (x === null) return null;
    const wrong = wrongSide(hessian, gradient, lower, free, x, scale);
    if (wrong.length === 0) return { x, free, pivots };
    if (wrong.length < fewest) {
      fewest = wrong.length;
      patience = 3;
    } else {
      patience--;
    }
    const exchanged = patience >= 0 ? wrong : [wrong.at(-1)!];
    for (const i of exchanged) free[i] = 1 - free[i]!;
  }
  return null;
}

function solveOnFree(
  hessian: Float64Array,
  gradient: Float64Array,
  lower: Float64Array,
  free: Uint8Array,
): Float64Array | null {
  const n = gradient.length;
  const index: number[] = [];
  const right = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    if (free[i] === 0) continue;
    index.push(i);
    let sum = -gradient[i]!;
    for (let k = 0; k < n; k++) if (free[k] === 0 && lower[k] !== 0) sum -= hessian[i * n + k]! * lower[k]!;
    right[i] = sum;
  }
  const solved = solvePositiveDefinite(hessian, n, index, right);
  if (solved === null) return null;
  const x = Float64Array.from(lower);
  index.forEach((i, at) => (x[i] = solved[at]!));
  return x;
}

/** Free variables below their bound, and bound ones that the gradient would push inwards. */
function wrongSide(
  hessian: Float64Array,
  gradient: Float64Array,
  lower: Float64Array,
  free: Uint8Array,
  x: Float64Array,
  scale: number,
): number[] {
  const n = gradient.length;
  const wrong: number[] = [];
  for (let i = 0; i < n; i++) {
    if (lower[i] === -Infinity) continue;
    if (free[i] === 1) {
      if (x[i]! < lower[i]! - 1e-13 * (1 + Math.abs(lower[i]!))) wrong.push(i);
      continue;
    }
    let slope = gradient[i]!;
    for (let k = 0; k < n; k++) slope += hessian[i * n + k]! * x[k]!;
    if (slope < -1e-12 * scale) wrong.push(i);
  }
  return wrong;
}
