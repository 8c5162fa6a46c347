import { projectedNewton } from '../solver/projected.newton.ts';

/** logit -> offset + slope * logit, slope > 0: the order of predictions is kept. */
export interface PlattCalibration {
  readonly offset: number;
  readonly slope: number;
}

/** A slope below this would make every prediction the same; the fit stops there. */
const smallestSlope = 1e-3;

/**
 * Maximum likelihood of offset and slope on counts (Platt 1999, without his label smoothing, which counts need not).
 * Returns null when the likelihood has no maximum: no success, no failure, or data that a threshold separates.
 */
export function plattCalibration(
  logit: ArrayLike<number>,
  successes: ArrayLike<number>,
  trials: ArrayLike<number>,
): PlattCalibration | null {
  const total = (values: ArrayLike<number>) => Float64Array.from(values).reduce((a, b) => a + b, 0);
  if (total(successes) === 0 || total(successes) === total(trials)) return null;
  const solution = projectedNewton({
    start: Float64Array.of(0, 1),
    lower: Float64Array.of(-Infinity, smallestSlope),
    tolerance: 1e-7,
    maxIterations: 100,
    evaluate: ([offset, slope]) => {
      let value = 0;
      const gradient = new Float64Array(2);
      const hessian = new Float64Array(4);
      for (let i = 0; i < trials.length; i++) {
        const score = logit[i]!;
        const eta = offset! + slope! * score;
        const p = 1 / (1 + Math.exp(-eta));
        const n = trials[i]!;
        value += n * (Math.max(eta, 0) + Math.log1p(Math.exp(-Math.abs(eta)))) - successes[i]! * eta;
        const residual = n * p - successes[i]!;
        const weight = n * p * (1 - p);
        gradient[0]! += residual;
        gradient[1]! += residual * score;
        hessian[0]! += weight;
        hessian[1]! += weight * score;
        hessian[3]! += weight * score * score;
      }
      hessian[2] = hessian[1]!;
      return { value, gradient, hessian: () => hessian };
    },
  });
  return solution.converged ? { offset: solution.x[0]!, slope: solution.x[1]! } : null;
}
