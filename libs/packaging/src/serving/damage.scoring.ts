import type { PackageCatalogue, ProductFacts } from '../contract/index.ts';
import { damageColumns } from '../features/index.ts';
import { costTable, type CostTable } from '../model/index.ts';
import type { ServedModel } from './served.model.ts';

/** Probabilities of damage for the rows of `facts`, row-major [n, K]. */
export async function scoreDamage({ open }: ServedModel, facts: ProductFacts): Promise<Float64Array> {
  const { probability } = await open.run(damageColumns(facts));
  return Float64Array.from(probability!);
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

/** Costs of one shipment of each product in each package type. */
export function shipmentCosts(facts: ProductFacts, catalogue: PackageCatalogue, probability: Float64Array): CostTable {
  return costTable({ ...facts, demand: new Float64Array(facts.rows).fill(1) }, catalogue, probability);
}
