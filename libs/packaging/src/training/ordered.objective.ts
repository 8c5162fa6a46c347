import type { Derivatives } from '@haat/training';
import { gramByPackage } from './ordered.gram.ts';
import { stepLines, type OrderedDesign, type StepLine } from './ordered.design.ts';

/** Where the parameters lie: intercept and dense effects [width], category effects, then steps [packages - 1][modifiers]. */
export interface ParameterLayout {
  readonly effect: number;
  readonly step: number;
  readonly modifiers: number;
  readonly size: number;
}

export function parameterLayout({ width, categories, packages }: OrderedDesign, modifiers: number): ParameterLayout {
  const step = width + categories;
  return { effect: width, step, modifiers, size: step + (packages - 1) * modifiers };
}

/**
 * The penalised negative log-likelihood of research 1.2,
 *
 *     sum_r [ n_r log(1 + e^eta_r) - y_r eta_r ] + ridge / 2 * |theta - prior|^2     (intercept not penalised),
 *
 * without ever forming the design of P columns. A row of package j sees the parameters only through one vector over the dense
 * columns (its steps are straight lines in them) and its category's effect, so that value and gradient cost O(rows * width) and
 * the Hessian is assembled from one Gram matrix [width, width] and one [categories, width] a package.
 */
export function orderedObjective(
  design: OrderedDesign,
  prior: Float64Array,
  ridge: number,
): (theta: Float64Array) => Derivatives {
  const lines = stepLines(design);
  const layout = parameterLayout(design, lines.length);
  const residual = new Float64Array(design.rows);
  return (theta) => {
    const weight = new Float64Array(design.rows);
    let value = likelihood(design, layout, lines, theta, residual, weight);
    const gradient = gradientOf(design, layout, lines, residual);
    for (let k = 1; k < layout.size; k++) {
      const away = theta[k]! - prior[k]!;
      value += (ridge / 2) * away * away;
      gradient[k]! += ridge * away;
    }
    return {
      value,
      gradient,
      hessian: () => {
        const hessian = hessianOf(design, layout, lines, weight);
        for (let k = 1; k < layout.size; k++) hessian[k * layout.size + k]! += ridge;
        return hessian;
      },
    };
  };
}

/** Fills residual = n p - y and weight = n p (1 - p) for every row, and returns the negative log-likelihood. */
function likelihood(
  design: OrderedDesign,
  layout: ParameterLayout,
  lines: readonly StepLine[],
  theta: Float64Array,
  residual: Float64Array,
  weight: Float64Array,
): number {
  const { width, dense, category, start, shipments, damages } = design;
  const direction = theta.slice(0, width);
  let value = 0;
  for (let j = 0; j < design.packages; j++) {
    if (j > 0) {
      const at = layout.step + (j - 1) * layout.modifiers;
      lines.forEach(({ constant, column, slope }, m) => {
        direction[0]! -= constant * theta[at + m]!;
        direction[column]! -= slope * theta[at + m]!;
      });
    }
    for (let r = start[j]!; r < start[j + 1]!; r++) {
      let eta = theta[layout.effect + category[r]!]!;
      const row = r * width;
      for (let k = 0; k < width; k++) eta += direction[k]! * dense[row + k]!;
      const small = Math.exp(-Math.abs(eta));
      const p = (eta >= 0 ? 1 : small) / (1 + small);
      value += shipments[r]! * ((eta > 0 ? eta : 0) + Math.log1p(small)) - damages[r]! * eta;
      residual[r] = shipments[r]! * p - damages[r]!;
      weight[r] = (shipments[r]! * small) / ((1 + small) * (1 + small));
    }
  }
  return value;
}

function gradientOf(
  design: OrderedDesign,
  layout: ParameterLayout,
  lines: readonly StepLine[],
  residual: Float64Array,
): Float64Array {
  const { width, dense, category, start } = design;
  const gradient = new Float64Array(layout.size);
  const suffix = new Float64Array(width);
  for (let j = design.packages - 1; j >= 0; j--) {
    for (let r = start[j]!; r < start[j + 1]!; r++) {
      const size = residual[r]!;
      gradient[layout.effect + category[r]!]! += size;
      const row = r * width;
      for (let k = 0; k < width; k++) suffix[k]! += size * dense[row + k]!;
    }
    if (j === 0) break;
    const at = layout.step + (j - 1) * layout.modifiers;
    lines.forEach(({ constant, column, slope }, m) => {
      gradient[at + m] = -(constant * suffix[0]! + slope * suffix[column]!);
    });
  }
  gradient.set(suffix);
  return gradient;
}

/**
 * Second derivatives [size, size]. Steps t and t' meet in the rows of packages above both, so that blocks are read from sums
 * of Gram matrices over packages j > max(t, t').
 */
function hessianOf(
  design: OrderedDesign,
  layout: ParameterLayout,
  lines: readonly StepLine[],
  weight: Float64Array,
): Float64Array {
  const { width, categories, packages } = design;
  const { size, effect, step, modifiers } = layout;
  const hessian = new Float64Array(size * size);
  const gram = new Float64Array(width * width);
  const byCategory = new Float64Array(categories * width);
  const mapped = new Float64Array(modifiers * width);
  for (let j = packages - 1; j >= 0; j--) {
    gramByPackage(design, weight, j, gram, byCategory);
    if (j === 0) break;
    // mapped[m] = sum of z_m x over the rows of package j and above.
    lines.forEach(({ constant, column, slope }, m) => {
      for (let k = 0; k < width; k++) mapped[m * width + k] = constant * gram[k]! + slope * gram[column * width + k]!;
    });
    const at = step + (j - 1) * modifiers;
    for (let m = 0; m < modifiers; m++) {
      const row = (at + m) * size;
      for (let k = 0; k < width; k++) hessian[row + k] = -mapped[m * width + k]!;
      const { constant, column, slope } = lines[m]!;
      for (let c = 0; c < categories; c++) {
        hessian[row + effect + c] = -(constant * byCategory[c * width]! + slope * byCategory[c * width + column]!);
      }
      for (let t = 0; t < j; t++) {
        lines.forEach((other, k) => {
          hessian[row + step + t * modifiers + k] =
            other.constant * mapped[m * width]! + other.slope * mapped[m * width + other.column]!;
        });
      }
    }
  }
  for (let k = 0; k < width; k++) for (let l = 0; l <= k; l++) hessian[k * size + l] = gram[k * width + l]!;
  for (let c = 0; c < categories; c++) {
    for (let k = 0; k < width; k++) hessian[(effect + c) * size + k] = byCategory[c * width + k]!;
    hessian[(effect + c) * size + effect + c] = byCategory[c * width]!;
  }
  for (let k = 0; k < size; k++) for (let l = 0; l < k; l++) hessian[l * size + k] = hessian[k * size + l]!;
  return hessian;
}
