import type { BackfillScope, BackfillTable, BackfillTarget, ComputedRows, KeyPage } from '@haat/backfill';
import { recommendationSelectionSchema, type RecommendationSelection, type StoredBasis } from '../contract/index.ts';
import { damageModel } from '../model/index.ts';
import type { RecommendationStore } from '../store/index.ts';
import type { ProductReader } from './damage.service.ts';
import { choosePackages } from './package.choice.ts';
import { recordedInput, recordedOutput } from './prediction.record.ts';
import type { OpenVersion } from './prediction.replay.ts';

/** What recommendations are made from. */
export interface RecommendationSources {
  readonly facts: ProductReader;
  readonly recommendations: Pick<RecommendationStore, 'count' | 'due' | 'promotedPlanId'>;
  readonly open: OpenVersion;
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
    facts_revision: 'bigint',
    run: 'text',
    decided_at: 'timestamptz',
  },
  label: 'package',
  measures: ['expected_damage_inr', 'shipping_inr'],
};

type Scope = BackfillScope<RecommendationSelection>;

/** The backfill of recommended packages: the river of serving, for products that have none or a stale one. */
export function recommendationBackfill(sources: RecommendationSources): BackfillTarget<RecommendationSelection> {
  const { recommendations } = sources;
  const basisOf = ({ ref, at }: Scope) => ({ modelDigest: ref.digest, at });
  return {
    model: damageModel.name,
    table: recommendationTable,
    selection: recommendationSelectionSchema,
    count: (scope) => recommendations.count(scope.selection, basisOf(scope)),
    keys: (scope: Scope, page: KeyPage) => recommendations.due(scope.selection, basisOf(scope), page),
    compute: (scope, keys, now) => recommend(sources, scope, keys, now),
  };
}

async function recommend(
  { facts: reader, recommendations, open }: RecommendationSources,
  { runId, ref, at }: Scope,
  keys: readonly string[],
  now: Date,
): Promise<ComputedRows> {
  const served = await open(ref);
  const [facts, catalogue, planned, planId] = await Promise.all([
    reader.productsById(keys, at),
    reader.catalogue(at),
    reader.promotedPlan(keys, at),
    recommendations.promotedPlanId(at),
  ]);
  const circumstances = facts.id.map((id) => ({ catalogue, planned: planned.get(id) ?? null }));
  const choices = facts.rows === 0 ? [] : await choosePackages(served, facts, circumstances);
  const chosen = choices.map(({ recommended }) => recommended);
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
      plan_id: planId,
      facts_as_of: at.asOf,
      facts_revision: at.revision,
      run: runId,
      decided_at: now,
    },
    predictions: choices.map((choice, row) => ({ input: recordedInput(facts, row), output: recordedOutput(choice) })),
  };
}
