import type { BackfillScope, BackfillTable, BackfillTarget, ComputedRows, KeyPage } from '@haat/backfill';
import type { ModelRef } from '@haat/kit';
import {
  recommendationSelectionSchema,
  type PackageCatalogue,
  type ProductFacts,
  type RecommendationSelection,
  type StoredBasis,
} from '../contract/index.ts';
import { damageModel } from '../model/index.ts';
import type { RecommendationStore } from '../store/index.ts';
import { pricingCatalogue, scoreDamage, shipmentCosts } from './damage.scoring.ts';
import { servedPrediction } from './recorded.prediction.ts';
import { choosePackage } from './recommendation.ts';
import type { ServedModel } from './served.model.ts';

/** What recommendations are made from. */
export interface RecommendationSources {
  readonly facts: {
    catalogue(asOf: Date): Promise<PackageCatalogue>;
    productsById(ids: readonly string[], asOf: Date): Promise<ProductFacts>;
  };
  readonly recommendations: Pick<RecommendationStore, 'count' | 'due' | 'promotedPlanId' | 'packagesOfPlan'>;
  /** A version of the damage model, opened. */
  readonly model: (ref: ModelRef) => Promise<ServedModel>;
}

/** The plan that a run of recommendations follows, whatever is promoted meanwhile. */
export interface RecommendationPins {
  readonly planId: string | null;
}

const recommendationTable: BackfillTable = {
  name: 'packaging.recommendation',
  key: 'product_id',
  columns: {
    package: 'text',
    basis: 'text',
    expected_damage_inr: 'float8',
    shipping_inr: 'float8',
  },
  constants: {
    model_version: 'int',
    model_digest: 'text',
    plan_id: 'uuid',
    facts_as_of: 'timestamptz',
    run: 'text',
    decided_at: 'timestamptz',
  },
  label: 'package',
  measures: ['expected_damage_inr', 'shipping_inr'],
};

type Scope = BackfillScope<RecommendationSelection, RecommendationPins>;

/** The backfill of recommended packages: the river of serving, for products that have none or a stale one. */
export function recommendationBackfill(
  sources: RecommendationSources,
): BackfillTarget<RecommendationSelection, RecommendationPins> {
  const { recommendations } = sources;
  const basisOf = ({ ref, pins, asOf }: Scope) => ({ modelDigest: ref.digest, planId: pins.planId, asOf });
  return {
    model: damageModel.name,
    table: recommendationTable,
    selection: recommendationSelectionSchema,
    pin: async () => ({ planId: await recommendations.promotedPlanId() }),
    count: (scope) => recommendations.count(scope.selection, basisOf(scope)),
    keys: (scope: Scope, page: KeyPage) => recommendations.due(scope.selection, basisOf(scope), page),
    compute: (scope, keys, now) => recommend(sources, scope, keys, now),
  };
}

async function recommend(
  { facts: source, recommendations, model }: RecommendationSources,
  { runId, ref, asOf, pins }: Scope,
  keys: readonly string[],
  now: Date,
): Promise<ComputedRows> {
  const served = await model(ref);
  const [facts, inForce, planned] = await Promise.all([
    source.productsById(keys, asOf),
    source.catalogue(asOf),
    pins.planId === null ? new Map<string, string>() : recommendations.packagesOfPlan(pins.planId, keys),
  ]);
  const catalogue = pricingCatalogue(served.open.metadata.context.catalogue, inForce);
  const probability = facts.rows === 0 ? new Float64Array(0) : await scoreDamage(served, facts);
  const costs = shipmentCosts(facts, catalogue, probability);
  const chosen = facts.id.map((id, row) => choosePackage(costs, row, catalogue, planned.get(id)).recommended);
  return {
    keys: facts.id,
    columns: {
      package: chosen.map((one) => one?.packageType.code ?? null),
      basis: chosen.map((one): StoredBasis => one?.basis ?? 'NO_FEASIBLE_PACKAGE'),
      expected_damage_inr: chosen.map((one) => one?.expectedDamageCost ?? null),
      shipping_inr: chosen.map((one) => one?.shippingCost ?? null),
    },
    constants: {
      model_version: ref.version,
      model_digest: ref.digest,
      plan_id: pins.planId,
      facts_as_of: asOf,
      run: runId,
      decided_at: now,
    },
    predictions: facts.id.map((_, row) => servedPrediction(facts, probability, row)),
  };
}
