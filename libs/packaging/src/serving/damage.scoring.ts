import type { PackageCatalogue, ProductFacts } from '../contract/index.ts';
import { damageColumns } from '../features/index.ts';
import { damageModel } from '../model/index.ts';
import { takeRows, type Batch } from '@haat/kit';
import type { ServedModel } from './served.model.ts';

/**
 * Probabilities of damage for the rows of `facts`, row-major [n, K], from one run of the graph, or from one for every
 * `maxBatch` rows where there are more.
 */
export async function scoreDamage(
  { open }: ServedModel,
  facts: ProductFacts,
  maxBatch: number = damageModel.serving.maxBatch,
): Promise<Float64Array> {
  const packages = open.metadata.context.catalogue.types.length;
  const probability = new Float64Array(facts.rows * packages);
  const batch = damageColumns(facts);
  for (let from = 0; from < facts.rows; from += maxBatch) {
    const outputs = await open.run(rowsOf(batch, from, Math.min(facts.rows, from + maxBatch)));
    probability.set(outputs['probability']!, from * packages);
  }
  return probability;
}

function rowsOf(batch: Batch, from: number, to: number): Batch {
  if (from === 0 && to === batch.rows) return batch;
  return takeRows(
    batch,
    Int32Array.from({ length: to - from }, (_, i) => from + i),
  );
}

/**
 * The catalogue whose prices and limits count: the one in force where it holds the model's package types in the model's
 * order, else the model's own (its K is that of its version).
 */
export function pricingCatalogue(model: PackageCatalogue, inForce: PackageCatalogue): PackageCatalogue {
  const same =
    model.types.length === inForce.types.length && model.types.every(({ code }, j) => code === inForce.types[j]!.code);
  return same ? inForce : model;
}
