import { projectedNewton } from '@haat/training';
import { packagingError } from '../contract/index.ts';
import { denseTerms, type CategoryVocabulary, type DamageParameters } from '../model/index.ts';
import { stepLines, type OrderedDesign } from './ordered.design.ts';
import { orderedObjective, parameterLayout } from './ordered.objective.ts';

export interface OrderedFitOptions {
  readonly ridge: number;
  /** Prior log-odds of each step, put on its constant part. */
  readonly stepPrior: number;
  /** false: steps may be negative, which is plain logistic regression on the same terms (for comparison). */
  readonly ordered?: boolean;
  readonly onIteration?: (state: { iteration: number; value: number; residual: number }) => void;
}

export interface OrderedFit {
  /** In the layout of `parameterLayout`, on standardised terms. */
  readonly theta: Float64Array;
  readonly objective: number;
  /** Largest violation of the optimality conditions, in shipments. */
  readonly kktResidual: number;
  readonly iterations: number;
  /** Step parameters that are at their bound. */
  readonly zeroSteps: number;
}

/** KKT residual at which the fit stops; the promise is 1e-5. */
const tolerance = 1e-6;

/** Least damages, and least shipments that arrived whole, from which a model is fitted. */
const leastOfEachKind = 10;

/**
 * Maximum of the penalised likelihood with non-negative steps, by projected Newton (research 1.3).
 * Errors: TOO_LITTLE_HISTORY, FIT_DID_NOT_CONVERGE.
 */
export function fitOrdered(design: OrderedDesign, options: OrderedFitOptions): OrderedFit {
  const lines = stepLines(design);
  const layout = parameterLayout(design, lines.length);
  const { prior, lower } = priorAndBounds(design, options);
  const solution = projectedNewton({
    start: startingPoint(design, prior),
    lower,
    evaluate: orderedObjective(design, prior, options.ridge),
    tolerance,
    maxIterations: 100,
    onIteration: options.onIteration,
  });
  if (!solution.converged) {
    throw packagingError(
      'FIT_DID_NOT_CONVERGE',
      `Fit of packaging/damage: expected a KKT residual of at most ${tolerance}, got ${solution.residual} after ${solution.iterations} iterations`,
      { residual: solution.residual, iterations: solution.iterations },
    );
  }
  return {
    theta: solution.x,
    objective: solution.value,
    kktResidual: solution.residual,
    iterations: solution.iterations,
    zeroSteps: solution.x.subarray(layout.step).filter((gamma) => gamma === 0).length,
  };
}

/** The penalty's centre (0, but `stepPrior` for the constant part of every step) and the lower bounds. */
export function priorAndBounds(
  design: OrderedDesign,
  { stepPrior, ordered = true }: Pick<OrderedFitOptions, 'stepPrior' | 'ordered'>,
): { prior: Float64Array; lower: Float64Array } {
  const modifiers = stepLines(design).length;
  const { size, step } = parameterLayout(design, modifiers);
  const prior = new Float64Array(size);
  const lower = new Float64Array(size).fill(-Infinity);
  for (let at = step; at < size; at++) {
    if ((at - step) % modifiers === 0) prior[at] = stepPrior;
    if (ordered) lower[at] = 0;
  }
  return { prior, lower };
}

/** The prior, with the intercept at the overall log-odds. */
function startingPoint({ shipments, damages }: OrderedDesign, prior: Float64Array): Float64Array {
  const sent = shipments.reduce((a, b) => a + b, 0);
  const damaged = damages.reduce((a, b) => a + b, 0);
  if (damaged < leastOfEachKind || sent - damaged < leastOfEachKind) {
    throw packagingError(
      'TOO_LITTLE_HISTORY',
      `Fit of packaging/damage: expected at least ${leastOfEachKind} damaged and ${leastOfEachKind} whole shipments for training, got ${damaged} and ${sent - damaged}`,
      { damaged, whole: sent - damaged },
    );
  }
  const start = prior.slice();
  start[0] = Math.log(damaged / (sent - damaged));
  return start;
}

/** A fit on standardised terms as parameters on the terms themselves, calibration not applied yet. */
export function parametersOfFit(
  theta: Float64Array,
  design: OrderedDesign,
  vocabulary: CategoryVocabulary,
): DamageParameters {
  const modifiers = stepLines(design).length;
  const { effect, step } = parameterLayout(design, modifiers);
  return {
    intercept: theta[0]!,
    terms: denseTerms.map((term, k) => ({ term, mean: design.mean[k]!, weight: theta[k + 1]! / design.deviation[k]! })),
    vocabulary,
    effect: Array.from(theta.subarray(effect, step)),
    steps: Array.from({ length: design.packages - 1 }, (_, t) =>
      Array.from(theta.subarray(step + t * modifiers, step + (t + 1) * modifiers)),
    ),
    calibration: { offset: 0, slope: 1 },
  };
}

/** Parameters whose logits are offset + slope * the given ones; slope > 0 keeps steps non-negative. */
export function calibrated(
  parameters: DamageParameters,
  { offset, slope }: { offset: number; slope: number },
): DamageParameters {
  return {
    ...parameters,
    intercept: offset + slope * parameters.intercept,
    terms: parameters.terms.map((entry) => ({ ...entry, weight: slope * entry.weight })),
    effect: parameters.effect.map((value) => slope * value),
    steps: parameters.steps.map((gamma) => gamma.map((value) => slope * value)),
    calibration: { offset, slope },
  };
}
