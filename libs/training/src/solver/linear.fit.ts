import { trainingError } from '../training.errors.ts';
import { projectedNewton } from './projected.newton.ts';

/** How a linear predictor becomes an expectation: itself, or a probability (its log-odds). */
export type Link = 'identity' | 'logistic';

export interface LinearProblem {
  /** Columns [n] each, finite. */
  readonly columns: readonly Float64Array[];
  /** What is observed, [n]: any number, or 0 and 1 for the logistic link. */
  readonly target: Float64Array;
  readonly link: Link;
  /** Strength of the quadratic penalty on standardised weights, in rows; above 0. */
  readonly ridge: number;
  readonly onIteration?: (state: {
    readonly iteration: number;
    readonly value: number;
    readonly residual: number;
  }) => void;
}

/** `intercept + sum_k weight_k (x_k - mean_k)`, before the link; weights are of the columns as they came. */
export interface LinearParameters {
  readonly intercept: number;
  readonly terms: readonly { readonly mean: number; readonly weight: number }[];
}

const MAX_ITERATIONS = 100;

/**
 * The generalised linear model with the least mean loss (half the squared error, or the negative log-likelihood) plus ridge / 2n times the
 * squared standardised weights, to a gradient of 1e-9 (McCullagh and Nelder 1989, ch. 2). A constant column gets the weight 0.
 * Errors: TOO_FEW_ROWS, FIT_UNSETTLED.
 */
export function fitLinear({ columns, target, link, ridge, onIteration }: LinearProblem): LinearParameters {
  const rows = target.length;
  if (rows <= columns.length || (link === 'logistic' && new Set(target).size < 2)) {
    throw trainingError(
      'TOO_FEW_ROWS',
      `Expected more than ${columns.length} rows with a known target, of both kinds where it is a flag; got ${rows} rows`,
      { rows },
    );
  }
  const moments = columns.map((column) => momentsOf(column));
  const standard = columns.map((column, k) => column.map((x) => (x - moments[k]!.mean) / moments[k]!.deviation));
  const scale = link === 'identity' ? momentsOf(target).deviation : 1;
  const solution = projectedNewton({
    start: new Float64Array(columns.length + 1),
    lower: new Float64Array(columns.length + 1).fill(-Infinity),
    evaluate: (x) => derivatives(standard, target, link, ridge, x),
    tolerance: 1e-9 * Math.max(1, scale),
    maxIterations: MAX_ITERATIONS,
    ...(onIteration && { onIteration }),
  });
  if (!solution.converged)
    throw trainingError(
      'FIT_UNSETTLED',
      `Expected a fit of ${rows} rows to settle within ${MAX_ITERATIONS} iterations, got a residual of ${solution.residual}`,
      { residual: solution.residual },
    );
  const [intercept, ...weights] = solution.x;
  return {
    intercept: intercept!,
    terms: weights.map((weight, k) => ({ mean: moments[k]!.mean, weight: weight / moments[k]!.deviation })),
  };
}

function momentsOf(column: Float64Array): { mean: number; deviation: number } {
  const mean = column.reduce((sum, x) => sum + x, 0) / column.length;
  const variance = column.reduce((sum, x) => sum + (x - mean) ** 2, 0) / column.length;
  return { mean, deviation: Math.sqrt(variance) || 1 };
}

function derivatives(
  columns: readonly Float64Array[],
  target: Float64Array,
  link: Link,
  ridge: number,
  x: Float64Array,
) {
  const rows = target.length;
  const size = x.length;
  const error = new Float64Array(rows);
  const curvature = new Float64Array(rows).fill(1);
  let value = 0;
  for (let i = 0; i < rows; i++) {
    let predictor = x[0]!;
    for (let k = 1; k < size; k++) predictor += x[k]! * columns[k - 1]![i]!;
    const y = target[i]!;
    if (link === 'identity') {
      error[i] = predictor - y;
      value += error[i]! ** 2 / 2;
    } else {
      const probability = 1 / (1 + Math.exp(-predictor));
      error[i] = probability - y;
      curvature[i] = probability * (1 - probability);
      value += Math.max(predictor, 0) - predictor * y + Math.log1p(Math.exp(-Math.abs(predictor)));
    }
  }
  const at = (k: number, i: number) => (k === 0 ? 1 : columns[k - 1]![i]!);
  const gradient = new Float64Array(size);
  for (let k = 0; k < size; k++) {
    let sum = k === 0 ? 0 : ridge * x[k]!;
    value += k === 0 ? 0 : (ridge * x[k]! ** 2) / 2;
    for (let i = 0; i < rows; i++) sum += error[i]! * at(k, i);
    gradient[k] = sum / rows;
  }
  return {
    value: value / rows,
    gradient,
    hessian: () => {
      const hessian = new Float64Array(size * size);
      for (let k = 0; k < size; k++) {
        for (let l = 0; l <= k; l++) {
          let sum = k === l && k > 0 ? ridge : 0;
          for (let i = 0; i < rows; i++) sum += curvature[i]! * at(k, i) * at(l, i);
          hessian[k * size + l] = hessian[l * size + k] = sum / rows;
        }
      }
      return hessian;
    },
  };
}
