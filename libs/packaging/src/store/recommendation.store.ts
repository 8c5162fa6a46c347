import type { Database } from '@haat/data-access';

import type { RecommendationSelection, StoredRecommendation } from '../contract/index.ts';

/** What makes a recommendation stale, beside time: the version, the plan and the moment that the next one is made from. */
export interface RecommendationBasis {
  readonly modelDigest: string;
  readonly planId: string | null;
  readonly asOf: Date;
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

  /** The plan that was promoted last; null while none is. */
  async promotedPlanId(): Promise<string | null> {
    const { rows } = await this.database.pool.query<{ id: string }>(
      'select id from packaging.plan where promoted_at is not null order by promoted_at desc limit 1',
    );
    return rows[0]?.id ?? null;
  }

  /** Product id -> package code of a plan, for those of `ids` that it holds. One statement. */
  async packagesOfPlan(planId: string, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const { rows } = await this.database.pool.query<[string, string]>({
      rowMode: 'array',
      text: 'select product_id, package from packaging.plan_assignment where plan_id = $1 and product_id = any($2)',
      values: [planId, ids],
    });
    return new Map(rows);
  }

  /** The recommendations of `ids`, in their order; null for a product that has none. One statement. */
  async byProduct(ids: readonly string[]): Promise<(StoredRecommendation | null)[]> {
    const { rows } = await this.database.pool.query<StoredRecommendation>(
      `select product_id as "productId", package, basis, expected_damage_inr as "expectedDamageInr",
         shipping_inr as "shippingInr", model_version as "modelVersion", model_digest as "modelDigest",
         plan_id as "planId", facts_as_of as "factsAsOf", run, decided_at as "decidedAt"
       from packaging.recommendation where product_id = any($1)`,
      [ids],
    );
    const byId = new Map(rows.map((row) => [row.productId, row]));
    return ids.map((id) => byId.get(id) ?? null);
  }
}

/** Products in force at the moment, joined with what is recommended for them; more conditions may follow. */
function dueProducts(
  { which, category }: RecommendationSelection,
  { modelDigest, planId, asOf }: RecommendationBasis,
  selected: string,
): { text: string; values: unknown[] } {
  const values: unknown[] = [asOf];
  const stale = () => `(r.product_id is null or r.model_digest <> $${values.push(modelDigest)}
      or r.plan_id is distinct from $${values.push(planId)}::uuid or r.facts_as_of < p.valid_from
      or r.facts_as_of < (select max(valid_from) from packaging.package_catalogue where valid_from <= $1))`;
  const conditions = [
    ...(which === 'stale' ? [stale()] : []),
    ...(category === undefined ? [] : [`p.category = $${values.push(category)}`]),
  ];
  const text = `select ${selected} from packaging.product p left join packaging.recommendation r using (product_id)
    where p.valid_from <= $1 and not exists (
        select from packaging.product newer where newer.product_id = p.product_id
          and newer.valid_from > p.valid_from and newer.valid_from <= $1)
      ${conditions.map((condition) => `and ${condition}`).join(' ')}`;
  return { text, values };
}
