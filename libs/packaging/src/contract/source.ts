import type { PackageCatalogue, ProductFacts, ShipmentCounts } from './facts.ts';

/**
 * Where packaging's facts come from: the database or a folder of files. Nothing later than `asOf` (event time) is answered,
 * and the same `asOf` over the same history gives the same facts in the same order.
 */
export interface PackagingSource {
  /** The catalogue that was in force at `asOf`. Errors: INVALID_CATALOGUE where there is none. */
  catalogue(asOf: Date): Promise<PackageCatalogue>;
  /** Every product known at `asOf`, in its then newest version, by ascending id. */
  products(asOf: Date): Promise<ProductFacts>;
  /** Counts of the days before or at `asOf`, summed by product and package; positions are those of the two calls above. */
  counts(asOf: Date): Promise<ShipmentCounts>;
}
