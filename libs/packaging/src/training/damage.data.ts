import { takeFacts, type PackageCatalogue, type ProductFacts, type ShipmentCounts } from '../contract/index.ts';

/** A snapshot in columns: one row of counts for each product and package with shipments, sorted by product id and package. */
export interface DamageData {
  readonly catalogue: PackageCatalogue;
  /** The products that have counts, by ascending id. */
  readonly facts: ProductFacts;
  readonly counts: ShipmentCounts;
}

/** The products whose `side` is `wanted`, with their counts. */
export function takeSide({ catalogue, facts, counts }: DamageData, side: Uint8Array, wanted: 0 | 1): DamageData {
  const position = new Int32Array(facts.rows).fill(-1);
  const products: number[] = [];
  for (let i = 0; i < facts.rows; i++) if (side[i] === wanted) position[i] = products.push(i) - 1;
  const rows: number[] = [];
  for (let r = 0; r < counts.rows; r++) if (position[counts.product[r]!]! >= 0) rows.push(r);
  return {
    catalogue,
    facts: takeFacts(facts, products),
    counts: {
      rows: rows.length,
      product: Int32Array.from(rows, (r) => position[counts.product[r]!]!),
      package: Int32Array.from(rows, (r) => counts.package[r]!),
      shipments: Float64Array.from(rows, (r) => counts.shipments[r]!),
      damages: Float64Array.from(rows, (r) => counts.damages[r]!),
    },
  };
}
