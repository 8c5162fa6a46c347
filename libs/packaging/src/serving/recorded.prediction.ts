import type { ProductFacts } from '../contract/index.ts';
import { traitsAt } from '../model/index.ts';
import type { ServedPrediction } from './prediction.recorder.ts';

/** One row's prediction as it is kept: the raw input, with the product's id where it has one, and the probabilities. */
export function servedPrediction(facts: ProductFacts, probability: Float64Array, row: number): ServedPrediction {
  const packages = probability.length / facts.rows;
  const id = facts.id[row]!;
  return {
    input: { ...(id !== '' && { product_id: id }), ...traitsAt(facts, row) },
    output: { probability: Array.from(probability.subarray(row * packages, (row + 1) * packages)) },
  };
}
