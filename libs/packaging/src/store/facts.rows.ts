import { viewColumns } from '@haat/data-access';

import { productView, type TimedProductFacts } from '../contract/index.ts';

/** The columns of a product in the order in which statements select them. */
export const productColumns = viewColumns(productView).join(', ');

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
  knownSince: Date,
];

/** Selected rows to columns. */
export function factsOf(rows: readonly ProductTuple[]): TimedProductFacts {
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
    knownSince: Float64Array.from(rows, (row) => row[11].getTime()),
  };
}
