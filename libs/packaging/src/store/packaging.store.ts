import {
  boundParameters,
  changeData,
  correctedQuery,
  dataRevision,
  inForceQuery,
  pointInTimeQuery,
  type Database,
} from '@haat/data-access';
import type { Horizon } from '@haat/kit';

import {
  packagingError,
  productView,
  shipmentView,
  type PackageCatalogue,
  type PackagingSource,
  type ShipmentCounts,
  type TimedProductFacts,
} from '../contract/index.ts';
import { catalogueQuery, cataloguesOf, type CatalogueTuple } from './catalogue.rows.ts';
import { factsOf, type ProductTuple } from './facts.rows.ts';
import { PlanEntity } from './packaging.entities.ts';
import { promotedPlanQuery } from './promoted.plan.query.ts';
import { compareBytes } from './text.order.ts';

export interface ProductFilter {
  readonly category?: string;
  /** Code of the package that is used today. */
  readonly currentPackage?: string;
  readonly fragile?: boolean;
  readonly liquid?: boolean;
}

export interface ProductPage {
  readonly facts: TimedProductFacts;
  readonly hasNext: boolean;
}

/** A plan to keep: what was chosen for each product, and what certifies it. Money in INR a month. */
export interface NewPlan {
  readonly model: string;
  readonly modelVersion: number;
  readonly modelDigest: string;
  readonly asOf: Date;
  readonly shippingInr: number;
  readonly damageInr: number;
  readonly lowerBoundInr: number;
  readonly gap: number;
  readonly lambda: number | null;
  readonly method: string;
  readonly assignments: { readonly productId: readonly string[]; readonly package: readonly string[] };
}

export type SavedPlan = PlanEntity;

/** Facts of one product at each of some horizons: `point[k]` is the horizon that row k of `facts` answers. */
export interface PointInTimeFacts {
  readonly point: Int32Array;
  readonly facts: TimedProductFacts;
}

/** Packaging's facts in the database, bounded in both times, and its plans. */
export class PackagingStore implements PackagingSource {
  constructor(private readonly database: Database) {}

  async horizon(asOf: Date): Promise<Horizon> {
    return { asOf, revision: await dataRevision(this.database, 'packaging') };
  }

  async catalogue(at: Horizon): Promise<PackageCatalogue> {
    const [catalogue] = await this.cataloguesAt([at]);
    if (catalogue) return catalogue;
    throw packagingError(
      'INVALID_CATALOGUE',
      `No package catalogue is known as of ${at.asOf.toISOString()}. Import package-types first.`,
      { asOf: at.asOf.toISOString() },
    );
  }

  /** The catalogue in force at each horizon, in order; null where there is none. One statement. */
  async cataloguesAt(points: readonly Horizon[]): Promise<(PackageCatalogue | null)[]> {
    const { rows } = await this.database.pool.query<CatalogueTuple>({
      rowMode: 'array',
      text: catalogueQuery,
      values: spineOf(points),
    });
    const known = cataloguesOf(rows);
    return points.map((_, k) => known.get(k + 1) ?? null);
  }

  async products({ asOf, revision }: Horizon): Promise<TimedProductFacts> {
    return factsOf(await this.#inForce([], [asOf, revision]));
  }

  /** The products of `ids` that are known, by ascending id. One statement. */
  async productsById(ids: readonly string[], at: Horizon): Promise<TimedProductFacts> {
    const distinct = [...new Set(ids)].sort(compareBytes);
    const { facts } = await this.productsAt(
      distinct,
      distinct.map(() => at),
    );
    return facts;
  }

  /** A point-in-time join: the facts of `ids[k]` at `points[k]`, for those that are known there. One statement. */
  async productsAt(ids: readonly string[], points: readonly Horizon[]): Promise<PointInTimeFacts> {
    const { rows } = await this.database.pool.query<[number, ...ProductTuple]>({
      rowMode: 'array',
      text: pointInTimeQuery(productView),
      values: [ids, ...spineOf(points)],
    });
    return {
      point: Int32Array.from(rows, ([position]) => position - 1),
      facts: factsOf(rows.map(([, ...row]) => row)),
    };
  }

  /** The `first` products after the id `after` that meet the filter, by ascending id. */
  async productPage(
    after: string | null,
    first: number,
    filter: ProductFilter,
    { asOf, revision }: Horizon,
  ): Promise<ProductPage> {
    const parameters: unknown[] = [asOf, revision, after ?? ''];
    const conditions = [
      ['category', filter.category],
      ['current_package', filter.currentPackage],
      ['fragile', filter.fragile],
      ['liquid', filter.liquid],
    ].flatMap(([column, value]) => (value === undefined ? [] : [`${column} = $${parameters.push(value)}`]));
    const rows = await this.#inForce(
      ['product_id > $3', ...conditions],
      parameters,
      `limit $${parameters.push(first + 1)}`,
    );
    return { facts: factsOf(rows.slice(0, first)), hasNext: rows.length > first };
  }

  async counts({ asOf, revision }: Horizon): Promise<ShipmentCounts> {
    const { rows } = await this.database.pool.query<[number, number, number, number]>({
      rowMode: 'array',
      text: countsQuery,
      values: [asOf, revision],
    });
    return {
      rows: rows.length,
      product: Int32Array.from(rows, (row) => row[0]),
      package: Int32Array.from(rows, (row) => row[1]),
      shipments: Float64Array.from(rows, (row) => row[2]),
      damages: Float64Array.from(rows, (row) => row[3]),
    };
  }

  /** Product id -> package code of the plan that was in force, for those of `ids` that it holds. One statement. */
  async promotedPlan(ids: readonly string[], at: Horizon): Promise<ReadonlyMap<string, string>> {
    const codes = await this.plannedAt(
      ids,
      ids.map(() => at),
    );
    return new Map(ids.flatMap((id, k) => (codes[k] === null ? [] : [[id, codes[k]!] as const])));
  }

  /** The package of `ids[k]` in the plan in force at `points[k]`; null where there is none. One statement. */
  async plannedAt(ids: readonly string[], points: readonly Horizon[]): Promise<(string | null)[]> {
    const { rows } = await this.database.pool.query<[string | null]>({
      rowMode: 'array',
      text: plannedQuery,
      values: [ids, ...spineOf(points)],
    });
    return rows.map(([code]) => code);
  }

  /** Keeps a plan with its assignments, all or nothing; it is not promoted. */
  async savePlan({ assignments, ...plan }: NewPlan): Promise<SavedPlan> {
    return this.database.source.transaction(async (tx) => {
      const saved = await tx.save(PlanEntity, plan);
      await tx.query(
        `insert into packaging.plan_assignment (plan_id, product_id, package)
         select $1, product_id, package from unnest($2::text[], $3::text[]) as a (product_id, package)`,
        [saved.id, assignments.productId, assignments.package],
      );
      return saved;
    });
  }

  /** Makes a plan the one that recommendations follow from `at` on. @throws UNKNOWN_PLAN */
  promotePlan(id: string, at: Date): Promise<void> {
    return changeData(this.database, 'packaging', async (client, revision) => {
      const { rowCount } = await client.query(
        `insert into packaging.plan_promotion (plan_id, promoted_at, revision)
         select id, $2, $3 from packaging.plan where id::text = $1`,
        [id, at, revision],
      );
      if (rowCount !== 1) throw packagingError('UNKNOWN_PLAN', `Plan "${id}" is not known`, { plan: id });
    });
  }

  async #inForce(where: readonly string[], values: readonly unknown[], limit = ''): Promise<ProductTuple[]> {
    const { rows } = await this.database.pool.query<ProductTuple>({
      rowMode: 'array',
      text: inForceQuery(productView, boundParameters, { where, limit }),
      values: [...values],
    });
    return rows;
  }
}

/** The two columns of a spine's horizons. */
const spineOf = (points: readonly Horizon[]): [Date[], number[]] => [
  points.map(({ asOf }) => asOf),
  points.map(({ revision }) => revision),
];

const countsQuery = `with known as (
    select product_id, (row_number() over (order by product_id) - 1)::int as at
    from packaging.product where valid_from <= $1 and revision <= $2 group by product_id
  ), catalogue as (
    select version from packaging.package_catalogue where valid_from <= $1 and revision <= $2
    order by valid_from desc, revision desc limit 1
  ), total as (
    select product_id, package, sum(shipments)::float8 as shipments, sum(damages)::float8 as damages
    from (${correctedQuery(shipmentView, boundParameters)}) corrected group by product_id, package
  )
  select known.at, package_type.position::int, shipments, damages
  from total
  join known using (product_id)
  join packaging.package_type on package_type.code = total.package
    and package_type.catalogue_version = (select version from catalogue)
  order by 1, 2`;

const plannedQuery = `with spine as (
    select * from unnest($1::text[], $2::timestamptz[], $3::bigint[]) with ordinality as s (id, as_of, revision, position)
  ), followed as (
    select as_of, revision, (${promotedPlanQuery({ asOf: 'moment.as_of', revision: 'moment.revision' })}) as plan_id
    from (select distinct as_of, revision from spine) moment
  )
  select package from spine join followed using (as_of, revision)
  left join packaging.plan_assignment assigned on assigned.plan_id = followed.plan_id and assigned.product_id = spine.id
  order by position`;

export const packagingStore = (database: Database): PackagingStore => new PackagingStore(database);
