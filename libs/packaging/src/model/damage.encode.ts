import type { Batch } from '@haat/kit';
import { parseProductTraits, type ProductFacts, type ProductTraits } from '../contract/index.ts';
import { damageColumns, type DamageFeature } from '../features/index.ts';

/**
 * Raw products, as `haat.golden` and requests hold them, to the columns of the served graph.
 * Errors: INVALID_PRODUCT for the first row that is not one.
 */
export function encodeProducts(inputs: readonly unknown[]): Batch<DamageFeature> {
  return damageColumns(traitFacts(inputs.map((input) => parseProductTraits(input))));
}

/** Traits as facts of products that have no id, package or demand. */
export function traitFacts(rows: readonly ProductTraits[]): ProductFacts {
  return {
    rows: rows.length,
    id: rows.map(() => ''),
    category: rows.map((row) => row.category),
    weightG: Float64Array.from(rows, (row) => row.weight_g),
    lengthCm: Float64Array.from(rows, (row) => row.length_cm),
    widthCm: Float64Array.from(rows, (row) => row.width_cm),
    heightCm: Float64Array.from(rows, (row) => row.height_cm),
    priceInr: Float64Array.from(rows, (row) => row.price_inr),
    fragile: Uint8Array.from(rows, (row) => Number(row.fragile)),
    liquid: Uint8Array.from(rows, (row) => Number(row.liquid)),
    currentPackage: rows.map(() => null),
    demand: new Float64Array(rows.length),
  };
}

/** The traits of one row of facts: the raw input that gives the same columns. */
export function traitsAt(facts: ProductFacts, row: number): ProductTraits {
  return {
    category: facts.category[row]!,
    weight_g: facts.weightG[row]!,
    length_cm: facts.lengthCm[row]!,
    width_cm: facts.widthCm[row]!,
    height_cm: facts.heightCm[row]!,
    price_inr: facts.priceInr[row]!,
    fragile: facts.fragile[row] === 1,
    liquid: facts.liquid[row] === 1,
  };
}
