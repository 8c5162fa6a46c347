import { z } from 'zod';

/**
 * Why a package stands in a product's recommendation: the promoted plan says so; it costs least in shipping and expected damage
 * together; or no package type takes the product, and none stands there.
 */
export const storedBases = ['PROMOTED_PLAN', 'LEAST_TOTAL_COST', 'NO_FEASIBLE_PACKAGE'] as const;
export type StoredBasis = (typeof storedBases)[number];

/** A recommendation as a backfill left it. Money in INR a shipment; null where no package type takes the product. */
export interface StoredRecommendation {
  readonly productId: string;
  readonly package: string | null;
  readonly basis: StoredBasis;
  readonly expectedDamageInr: number | null;
  readonly shippingInr: number | null;
  readonly modelVersion: number;
  readonly modelDigest: string;
  readonly planId: string | null;
  /** The horizon of the facts that were used. */
  readonly factsAsOf: Date;
  readonly factsRevision: number;
  /** The run that decided. */
  readonly run: string;
  readonly decidedAt: Date;
}

/** Which products a backfill of recommendations takes on. */
export const recommendationSelectionSchema = z.strictObject({
  which: z
    .enum(['stale', 'all'])
    .default('stale')
    .describe(
      'stale: products without a recommendation, or whose model version, facts, catalogue or promoted plan are no longer those it was made from; all: every product',
    ),
  category: z.string().trim().min(1).max(200).optional().describe('Only products of this category'),
});
export type RecommendationSelection = z.output<typeof recommendationSelectionSchema>;
