import type { ProductFacts } from '../contract/index.ts';

/** The columns of a product in the order in which statements select them. */
export const productColumns =
  'product_id, category, weight_g, length_cm, width_cm, height_cm, price_inr, fragile, liquid, current_package, demand';

export type ProductTuple = [
  id: string,
  category: string,
  weightG: number,
  lengthCm: number,
  widthCm: number,
  heightCm: number,
  priceInr: number,
  fragile: boolean,
  liquid: boolean,
  currentPackage: string | null,
  demand: number,
];

/** Selected rows to columns. */
export function factsOf(rows: readonly ProductTuple[]): ProductFacts {
  return {
    rows: rows.length,
    id: rows.map((row) => row[0]),
    category: rows.map((row) => row[1]),
    weightG: Float64Array.from(rows, (row) => row[2]),
    lengthCm: Float64Array.from(rows, (row) => row[3]),
    widthCm: Float64Array.from(rows, (row) => row[4]),
    heightCm: Float64Array.from(rows, (row) => row[5]),
    priceInr: Float64Array.from(rows, (row) => row[6]),
    fragile: Uint8Array.from(rows, (row) => Number(row[7])),
    liquid: Uint8Array.from(rows, (row) => Number(row[8])),
    currentPackage: rows.map((row) => row[9]),
    demand: Float64Array.from(rows, (row) => row[10]),
  };
}
