import { seededUniform } from '../statistics/seeded.uniform.ts';
import { minimiseBoundedQuadratic } from './bounded.quadratic.ts';
import { solvePositiveDefinite } from './cholesky.ts';
import { kktResidual, projectedNewton } from './projected.newton.ts';

/** A A' + shift I for random A [n, n]. */
function randomPositiveDefinite(n: number, uniform: () => number, shift: number): Float64Array {
  const a = Float64Array.from({ length: n * n }, () => uniform() - 0.5);
  const h = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      for (let k = 0; k < n; k++) h[i * n + j]! += a[i * n + k]! * a[j * n + k]!;
    }
    h[i * n + i]! += shift;
  }
  return h;
}

function slopes(h: Float64Array, g: Float64Array, x: Float64Array): Float64Array {
  return g.map((value, i) => x.reduce((sum, xk, k) => sum + h[i * g.length + k]! * xk, value));
}

describe('solvePositiveDefinite', () => {
  it('solves for a chosen block only', () => {
    const h = Float64Array.of(4, 9, 2, 9, 100, 9, 2, 9, 3);
    const x = solvePositiveDefinite(h, 3, [0, 2], Float64Array.of(8, 0, 7))!;
    expect([x[0], x[1]]).toEqual([expect.closeTo(1.25, 14), expect.closeTo(1.5, 14)]);
  });

  it('refuses a block that is not positive definite', () => {
    expect(solvePositiveDefinite(Float64Array.of(1, 2, 2, 1), 2, [0, 1], new Float64Array(2))).toBeNull();
  });
});

describe('minimiseBoundedQuadratic', () => {
  it('meets the optimality conditions on 300 random problems, some nearly singular, with and without a warm start', () => {
    const uniform = seededUniform(7);
    for (let round = 0; round < 300; round++) {
      const n = 1 + Math.floor(uniform() * 14);
      const h = randomPositiveDefinite(n, uniform, round % 2 === 0 ? 1e-6 : 0.5);
      const g = Float64Array.from({ length: n }, () => uniform() - 0.5);
      const lower = Float64Array.from({ length: n }, () => (uniform() < 0.3 ? -Infinity : uniform() - 0.8));
      const warm = Uint8Array.from({ length: n }, () => Number(uniform() < 0.5));
      const { x } = minimiseBoundedQuadratic(h, g, lower, warm)!;
      expect(x.every((value, i) => value >= lower[i]! - 1e-12)).toBe(true);
      expect(kktResidual(x, slopes(h, g, x), lower)).toBeLessThan(1e-7);
    }
  });

  it('equals the best of all 2^n sets of bound variables', () => {
    const uniform = seededUniform(3);
    for (let round = 0; round < 50; round++) {
      const n = 5;
      const h = randomPositiveDefinite(n, uniform, 0.1);
      const g = Float64Array.from({ length: n }, () => uniform() - 0.5);
      const value = (x: Float64Array) => x.reduce((sum, xi, i) => sum + (xi * (g[i]! + slopes(h, g, x)[i]!)) / 2, 0);
      let best = Infinity;
      for (let set = 0; set < 2 ** n; set++) {
        const free = [...Array(n).keys()].filter((i) => (set >> i) % 2 === 1);
        const x = new Float64Array(n);
        solvePositiveDefinite(
          h,
          n,
          free,
          g.map((v) => -v),
        )!.forEach((v, at) => (x[free[at]!] = v));
        if (x.every((v) => v >= 0)) best = Math.min(best, value(x));
      }
      const { x } = minimiseBoundedQuadratic(h, g, new Float64Array(n))!;
      expect(value(x)).toBeCloseTo(best, 12);
    }
  });

  it('gives up on a matrix that is not positive definite', () => {
    const indefinite = Float64Array.of(1, 2, 2, 1);
    expect(minimiseBoundedQuadratic(indefinite, Float64Array.of(-1, -1), new Float64Array(2))).toBeNull();
  });
});

describe('projectedNewton', () => {
  /** sum exp(x_i) - a_i x_i, whose free minimum is x_i = ln a_i. */
  const sumOfExponentials = (a: readonly number[]) => (x: Float64Array) => {
    const n = a.length;
    const hessian = new Float64Array(n * n);
    x.forEach((xi, i) => (hessian[i * n + i] = Math.exp(xi)));
    return {
      value: x.reduce((sum, xi, i) => sum + Math.exp(xi) - a[i]! * xi, 0),
      gradient: x.map((xi, i) => Math.exp(xi) - a[i]!),
      hessian: () => hessian,
    };
  };

  it('finds the exact minimum and leaves at their bound the variables that want to pass it', () => {
    const solution = projectedNewton({
      start: Float64Array.of(5, 5, 5),
      lower: Float64Array.of(-Infinity, 0, 0),
      evaluate: sumOfExponentials([0.5, 0.5, 2]),
      tolerance: 1e-12,
      maxIterations: 50,
    });
    expect(solution.converged).toBe(true);
    expect(Array.from(solution.x)).toEqual([expect.closeTo(Math.log(0.5), 12), 0, expect.closeTo(Math.LN2, 12)]);
    expect(solution.residual).toBeLessThanOrEqual(1e-12);
  });

  it('backtracks from a start where the full step overshoots', () => {
    const solution = projectedNewton({
      start: Float64Array.of(-8),
      lower: Float64Array.of(-Infinity),
      evaluate: sumOfExponentials([1]),
      tolerance: 1e-10,
      maxIterations: 200,
    });
    expect(solution.x[0]).toBeCloseTo(0, 10);
  });

  it('says when it did not converge', () => {
    const stopped = projectedNewton({
      start: Float64Array.of(3),
      lower: Float64Array.of(-Infinity),
      evaluate: sumOfExponentials([1]),
      tolerance: 1e-12,
      maxIterations: 1,
    });
    expect(stopped.converged).toBe(false);
    expect(stopped.residual).toBeGreaterThan(1e-12);
  });

  it('starts inside the bounds and never leaves them', () => {
    const seen: number[] = [];
    projectedNewton({
      start: Float64Array.of(-4),
      lower: Float64Array.of(1),
      evaluate: (x) => {
        seen.push(x[0]!);
        return sumOfExponentials([9])(x);
      },
      tolerance: 1e-9,
      maxIterations: 50,
    });
    expect(Math.min(...seen)).toBe(1);
  });
});
