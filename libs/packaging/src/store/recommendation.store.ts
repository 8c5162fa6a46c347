import { boundParameters, type Database } from '@haat/data-access';
import type { Horizon } from '@haat/kit';

import type { RecommendationSelection, StoredRecommendation } from '../contract/index.ts';
import { promotedPlanQuery } from './promoted.plan.query.ts';

/** What the next recommendation is made from: the version, and the horizon of facts, catalogue and promoted plan. */
export interface RecommendationBasis {
  readonly modelDigest: string;
  readonly at: Horizon;
}

/** Ids after `after`, in order: up to `through`, or the first `limit` of them. */
export type ProductRange = { readonly after: string | null } & (
  { readonly through: string } | { readonly limit: number }
);

/** The products whose recommendation is due, and what recommendations there are. */
export class RecommendationStore {
  constructor(private readonly database: Pick<Database, 'pool'>) {}

  async count(selection: RecommendationSelection, basis: RecommendationBasis): Promise<number> {
    const { text, values } = dueProducts(selection, basis, 'count(*)::int');
    const { rows } = await this.database.pool.query<[number]>({ rowMode: 'array', text, values });
    return rows[0]![0];
  }

  /** Ids of products that are due, in the order of their bytes. */
  async due(
    selection: RecommendationSelection,
    basis: RecommendationBasis,
    range: ProductRange,
  ): Promise<readonly string[]> {
    const { text, values } = dueProducts(selection, basis, 'product_id');
    const bounds = [range.after === null ? '' : ` and product_id > $${values.push(range.after)}`];
    if ('through' in range) bounds.push(` and product_id <= $${values.push(range.through)}`);
    const limit = 'limit' in range ? ` limit $${values.push(range.limit)}` : '';
    const { rows } = await this.database.pool.query<[string]>({
      rowMode: 'array',
      text: `${text}${bounds.join('')} order by product_id${limit}`,
      values,
    });
    return rows.map(([id]) => id);
  }

  /** The plan in force within the horizon; null where none is. */
  async promotedPlanId({ asOf, revision }: Horizon): Promise<string | null> {
    const { rows } = await this.database.pool.query<{ plan_id: string }>(promotedPlanQuery(boundParameters), [
      asOf,
      revision,
    ]);
    return rows[0]?.plan_id ?? null;
  }

  /** The recommendations of `ids`, in their order; null for a product that has none. One statement. */
  async byProduct(ids: readonly string[]): Promise<(StoredRecommendation | null)[]> {
    const { rows } = await this.database.pool.query<StoredRecommendation>(
      `select product_id as "productId", package, basis, expected_damage_inr as "expectedDamageInr",
         shipping_inr as "shippingInr", model_version as "modelVersion", model_digest as "modelDigest",
         plan_id as "planId", facts_as_of as "factsAsOf",
         facts_revision::float8 as "factsRevision", run, decided_at as "decidedAt"
       from packaging.recommendation where product_id = any($1)`,
      [ids],
    );
    const byId = new Map(rows.map((row) => [row.productId, row]));
    return ids.map((id) => byId.get(id) ?? null);
  }
}

/**
 * Products in force within the horizon, joined with what is recommended for them; more conditions may follow. A recommendation
 * knows its own horizon: where what is in force now lies within it, it was in force then.
 */
function dueProducts(
  { which, category }: RecommendationSelection,
  { modelDigest, at }: RecommendationBasis,
  selected: string,
): { text: string; values: unknown[] } {
  const values: unknown[] = [at.asOf, at.revision];
  const beyond = (fact: string) => `(${fact}.valid_from > r.facts_as_of or ${fact}.revision > r.facts_revision)`;
  const stale = () => `(r.product_id is null or r.model_digest <> $${values.push(modelDigest)}
      or r.plan_id is distinct from (${promotedPlanQuery(boundParameters)})
      or ${beyond('p')} or exists (select from catalogue c where ${beyond('c')}))`;
  const conditions = [
    'p.valid_from <= $1',
    'p.revision <= $2',
    newestOnly,
    ...(which === 'stale' ? [stale()] : []),
    ...(category === undefined ? [] : [`p.category = $${values.push(category)}`]),
  ];
  const text = `with catalogue as (
      select valid_from, revision from packaging.package_catalogue where valid_from <= $1 and revision <= $2
      order by valid_from desc, revision desc limit 1)
    select ${selected} from packaging.product p left join packaging.recommendation r using (product_id)
    where ${conditions.join('\n      and ')}`;
  return { text, values };
}

const newestOnly = `not exists (
        select from packaging.product newer where newer.product_id = p.product_id
          and (newer.valid_from, newer.revision) > (p.valid_from, p.revision)
          and newer.valid_from <= $1 and newer.revision <= $2)`;
