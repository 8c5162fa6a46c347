import type { PackageCatalogue, PackageType } from '../contract/index.ts';
import type { CostTable } from '../model/index.ts';

/** Why a package is recommended: the promoted plan says so, or it costs least in shipping and expected damage together. */
export const recommendationBases = ['PROMOTED_PLAN', 'LEAST_TOTAL_COST'] as const;
export type RecommendationBasis = (typeof recommendationBases)[number];

export interface Recommendation {
  readonly packageType: PackageType;
  /** Probability of damage times the cost of one damaged unit, INR a shipment. */
  readonly expectedDamageCost: number;
  /** Material and freight, INR a shipment. */
  readonly shippingCost: number;
  readonly basis: RecommendationBasis;
}

/** The next safer package worth having, and the INR of shipping for each INR of damage saved at which it pays. */
export interface NextBest {
  readonly packageType: PackageType;
  readonly switchingPrice: number;
}

export interface Choice {
  /** Null where no package type takes the product. */
  readonly recommended: Recommendation | null;
  /** Null where nothing safer takes the product. */
  readonly nextBest: NextBest | null;
}

/**
 * The package of one product: the planned one where the promoted plan names one that takes it, else the one of least total
 * cost, the weaker of two that cost the same. `costs` holds costs of one shipment.
 */
export function choosePackage(
  costs: CostTable,
  row: number,
  catalogue: PackageCatalogue,
  planned: string | undefined,
): Choice {
  const at = row * costs.packages;
  const takes = (j: number) => costs.feasible[at + j] === 1;
  const inPlan = planned === undefined ? -1 : catalogue.types.findIndex(({ code }) => code === planned);
  const followsPlan = inPlan >= 0 && takes(inPlan);
  const chosen = followsPlan ? inPlan : leastTotal(costs, at, takes);
  if (chosen < 0) return { recommended: null, nextBest: null };
  return {
    recommended: {
      packageType: catalogue.types[chosen]!,
      expectedDamageCost: costs.damage[at + chosen]!,
      shippingCost: costs.shipping[at + chosen]!,
      basis: followsPlan ? 'PROMOTED_PLAN' : 'LEAST_TOTAL_COST',
    },
    nextBest: nextBest(costs, at, chosen, catalogue, takes),
  };
}

function leastTotal(costs: CostTable, at: number, takes: (j: number) => boolean): number {
  let best = -1;
  let least = Infinity;
  for (let j = 0; j < costs.packages; j++) {
    const total = costs.shipping[at + j]! + costs.damage[at + j]!;
    if (takes(j) && total < least) [best, least] = [j, total];
  }
  return best;
}

/**
 * Of all packages with less damage, the one whose saving is the cheapest: for a package on the lower hull of (shipping,
 * damage) the next vertex, and the price its edge (research 1.7). A safer package that costs no more has the price 0.
 */
function nextBest(
  costs: CostTable,
  at: number,
  chosen: number,
  catalogue: PackageCatalogue,
  takes: (j: number) => boolean,
): NextBest | null {
  const [shipping, damage] = [costs.shipping[at + chosen]!, costs.damage[at + chosen]!];
  let best: { j: number; price: number } | null = null;
  for (let j = 0; j < costs.packages; j++) {
    const saved = damage - costs.damage[at + j]!;
    if (!takes(j) || saved <= 0) continue;
    const price = Math.max(0, (costs.shipping[at + j]! - shipping) / saved);
    const safer = best !== null && costs.damage[at + j]! < costs.damage[at + best.j]!;
    if (best === null || price < best.price || (price === best.price && safer)) best = { j, price };
  }
  return best && { packageType: catalogue.types[best.j]!, switchingPrice: best.price };
}
