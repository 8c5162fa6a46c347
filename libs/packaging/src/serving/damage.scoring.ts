import type { DomainError } from '@haat/kit';
import { runFinite } from '@haat/model-runtime';
import { packagingError, type PackageCatalogue, type ProductFacts } from '../contract/index.ts';
import { damageColumns } from '../features/index.ts';
import type { ServedModel } from './served.model.ts';

/** Probabilities of damage for the rows of `facts`, row-major [n, K]; NaN along a row that the model cannot answer. */
export async function scoreDamage({ open }: ServedModel, facts: ProductFacts): Promise<Float64Array> {
  const { probability } = await runFinite(open, damageColumns(facts));
  return Float64Array.from(probability!);
}

/** What is said of a product whose row of probabilities is NaN; null: it has no id. */
export function unanswerableProduct(id: string | null): DomainError {
  return packagingError(
    'UNANSWERABLE_PRODUCT',
    `${id === null ? 'Product' : `Product "${id}"`}: the model has no finite probability for its facts; look for extreme weights, dimensions or prices`,
    { field: 'row', id },
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
