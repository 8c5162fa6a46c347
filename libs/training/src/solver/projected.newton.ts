import { minimiseBoundedQuadratic } from './bounded.quadratic.ts';

/** A smooth convex function at one point. The Hessian [n, n], row-major, is computed when it is asked for. */
export interface Derivatives {
  readonly value: number;
  readonly gradient: Float64Array;
  readonly hessian: () => Float64Array;
}

export interface NewtonProblem {
  readonly start: Float64Array;
  /** Lower bound of each variable; -Infinity: none. */
  readonly lower: Float64Array;
  readonly evaluate: (x: Float64Array) => Derivatives;
  /** Largest KKT residual of a solution, in the units of the gradient. */
  readonly tolerance: number;
  readonly maxIterations: number;
  readonly onIteration?: (state: { iteration: number; value: number; residual: number }) => void;
}

export interface NewtonSolution {
  readonly x: Float64Array;
  readonly value: number;
  /** Largest violation of the optimality conditions (`kktResidual`). */
  readonly residual: number;
  readonly iterations: number;
  readonly converged: boolean;
}

/**
 * Minimises a convex function under lower bounds: each step solves the bounded quadratic model exactly, then backtracks
 * (Armijo, 1e-4). Quadratic convergence once the active bounds are known.
 */
export function projectedNewton(problem: NewtonProblem): NewtonSolution {
  const { lower, evaluate, tolerance, maxIterations } = problem;
  let x: Float64Array = problem.start.map((value, i) => Math.max(value, lower[i]!));
  let here = evaluate(x);
  let free: Uint8Array | undefined;
  for (let iteration = 0; ; iteration++) {
    const residual = kktResidual(x, here.gradient, lower);
    problem.onIteration?.({ iteration, value: here.value, residual });
    const done = { x, value: here.value, residual, iterations: iteration };
    if (residual <= tolerance) return { ...done, converged: true };
    if (iteration === maxIterations || !Number.isFinite(here.value)) return { ...done, converged: false };
    const room = lower.map((bound, i) => bound - x[i]!);
    const step = minimiseBoundedQuadratic(here.hessian(), here.gradient, room, free);
    if (step === null) return { ...done, converged: false };
    free = step.free;
    const moved = backtrack(x, here, step.x, lower, evaluate);
    if (moved === null) return { ...done, converged: false };
    [x, here] = moved;
  }
}

/** Largest |gradient| over free variables, and largest inward slope over those at their bound. */
export function kktResidual(x: Float64Array, gradient: Float64Array, lower: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < x.length; i++) {
    const violation = x[i]! > lower[i]! ? Math.abs(gradient[i]!) : Math.max(0, -gradient[i]!);
    largest = Math.max(largest, violation);
  }
  return largest;
}

function backtrack(
  x: Float64Array,
  here: Derivatives,
  step: Float64Array,
  lower: Float64Array,
  evaluate: NewtonProblem['evaluate'],
): [Float64Array, Derivatives] | null {
  const slope = step.reduce((sum, d, i) => sum + d * here.gradient[i]!, 0);
  // Near the optimum the decrease drowns in rounding: then a step is as good as its value is equal.
  const rounding = 1e-14 * Math.abs(here.value);
  for (let length = 1; length > 1e-10; length /= 2) {
    const trial = x.map((value, i) => Math.max(lower[i]!, value + length * step[i]!));
    const there = evaluate(trial);
    if (there.value <= here.value + 1e-4 * length * slope + rounding) return [trial, there];
  }
  return null;
}
