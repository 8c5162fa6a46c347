import type { Horizon } from '@haat/kit';
import type { PackageCatalogue, ProductFacts, ShipmentCounts } from './facts.ts';

/** Facts of products with the time from which each row's hold. */
export interface TimedProductFacts extends ProductFacts {
  /** Event time, ms since the epoch. */
  readonly knownSince: Float64Array;
}

/**
 * Where packaging's facts come from: the database or a folder of files. Nothing beyond the horizon is answered, and the same
 * horizon gives the same facts in the same order, whatever came in since.
 */
export interface PackagingSource {
  /** What is known now of the time up to `asOf`: read first, so that all that follows is of one state. */
  horizon(asOf: Date): Promise<Horizon>;
  /** The catalogue that was in force. Errors: INVALID_CATALOGUE where there is none. */
  catalogue(at: Horizon): Promise<PackageCatalogue>;
  /** Every known product, in its newest version, by ascending id. */
  products(at: Horizon): Promise<ProductFacts>;
  /** Counts of the days before or at `asOf`, summed by product and package; positions are those of the two calls above. */
  counts(at: Horizon): Promise<ShipmentCounts>;
}
