import type { Batch } from '@haat/kit';
import type { DamageFeature, NumericFeature } from '../features/index.ts';
import { categoryTerms, denseTerms, modifierTerms, type CategoryVocabulary } from './damage.parameters.ts';

/** The terms of n rows in float64: what the graph computes from its inputs before any weight. */
export interface DesignTerms {
  readonly rows: number;
  /** Dense terms, row-major [n, denseTerms]. */
  readonly dense: Float64Array;
  /** Position in the vocabulary; `names.length` for a category that is not listed, [n]. */
  readonly category: Int32Array;
}

/** Columns of the graph [n] to terms. Reads the float32 columns, so training sees what serving sees. */
export function designTerms(batch: Batch<DamageFeature>, vocabulary: CategoryVocabulary): DesignTerms {
  const { rows, columns } = batch;
  const width = denseTerms.length;
  const numeric = denseTerms.slice(0, width - categoryTerms.length) as readonly NumericFeature[];
  const position = new Map(vocabulary.names.map((name, index) => [name, index]));
  const dense = new Float64Array(rows * width);
  const category = new Int32Array(rows);
  numeric.forEach((term, k) => {
    const column = columns[term] as Float32Array;
    for (let i = 0; i < rows; i++) dense[i * width + k] = column[i]!;
  });
  const logWeight = columns.log_weight as Float32Array;
  const density = columns.density_above_1 as Float32Array;
  for (let i = 0; i < rows; i++) {
    category[i] = position.get((columns.category as readonly string[])[i]!) ?? vocabulary.names.length;
    const fragility = vocabulary.fragility[category[i]!]!;
    const at = i * width + numeric.length;
    dense[at] = fragility;
    dense[at + 1] = fragility * Math.max(-1, logWeight[i]!);
    dense[at + 2] = fragility * density[i]!;
  }
  return { rows, dense, category };
}

/** Position of each modifier among the dense terms. */
export const modifierPositions: readonly number[] = modifierTerms.map((term) => denseTerms.indexOf(term));

/** gamma . z for one row of dense terms: z = (1, v, 1 - v, ...). Never negative where gamma is not. */
export function protectionStep(gamma: ArrayLike<number>, dense: ArrayLike<number>, at: number): number {
  let step = gamma[0]!;
  for (let k = 0; k < modifierPositions.length; k++) {
    const v = Math.min(1, Math.max(0, dense[at + modifierPositions[k]!]!));
    step += gamma[1 + 2 * k]! * v + gamma[2 + 2 * k]! * (1 - v);
  }
  return step;
}
