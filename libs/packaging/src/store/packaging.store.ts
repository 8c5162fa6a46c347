import { bumpDataRevision, dataRevision, inTransaction, type Database } from '@haat/data-access';
import { LessThanOrEqual } from 'typeorm';

import {
  packageCatalogue,
  packagingError,
  type PackageCatalogue,
  type PackagingSource,
  type ProductFacts,
  type ShipmentCounts,
} from '../contract/index.ts';
import { factsOf, productColumns, type ProductTuple } from './facts.rows.ts';
import { PackageCatalogueEntity, PackageTypeEntity, PlanEntity, repositoryOf } from './packaging.entities.ts';

export interface ProductFilter {
  readonly category?: string;
  /** Code of the package that is used today. */
  readonly currentPackage?: string;
  readonly fragile?: boolean;
  readonly liquid?: boolean;
}

export interface ProductPage {
  readonly facts: ProductFacts;
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

/** Packaging's facts in the database, bounded by event time, and its plans. */
export class PackagingStore implements PackagingSource {
  constructor(private readonly database: Database) {}

  async catalogue(asOf: Date): Promise<PackageCatalogue> {
    const found = await repositoryOf(this.database, PackageCatalogueEntity).findOne({
      where: { validFrom: LessThanOrEqual(asOf) },
      order: { validFrom: 'DESC', version: 'DESC' },
    });
    if (found === null) {
      throw packagingError(
        'INVALID_CATALOGUE',
        `No package catalogue is known as of ${asOf.toISOString()}. Import package-types first.`,
        { asOf: asOf.toISOString() },
      );
    }
    const { version, validFrom, ...tariff } = found;
    void validFrom;
    const types = await repositoryOf(this.database, PackageTypeEntity).find({
      where: { catalogueVersion: version },
      order: { position: 'ASC' },
    });
    return packageCatalogue(
      types.map(({ code, name, material_inr, added_cm, tare_kg, max_kg, max_thickness_cm }) => ({
        code,
        name,
        material_inr,
        added_cm,
        tare_kg,
        max_kg,
        max_thickness_cm,
      })),
      { ...tariff },
    );
  }

  async products(asOf: Date): Promise<ProductFacts> {
    return factsOf(await this.#inForce([], [asOf]));
  }

  /** The products of `ids` that are known at `asOf`, by ascending id. One statement. */
  async productsById(ids: readonly string[], asOf: Date): Promise<ProductFacts> {
    return factsOf(await this.#inForce(['product_id = any($2)'], [asOf, ids]));
  }

  /** The `first` products after the id `after` that meet the filter at `asOf`, by ascending id. */
  async productPage(after: string | null, first: number, filter: ProductFilter, asOf: Date): Promise<ProductPage> {
    const parameters: unknown[] = [asOf, after ?? ''];
    const conditions = [
      ['category', filter.category],
      ['current_package', filter.currentPackage],
      ['fragile', filter.fragile],
      ['liquid', filter.liquid],
    ].flatMap(([column, value]) => (value === undefined ? [] : [`${column} = $${parameters.push(value)}`]));
    const rows = await this.#inForce(
      ['product_id > $2', ...conditions],
      parameters,
      `limit $${parameters.push(first + 1)}`,
    );
    return { facts: factsOf(rows.slice(0, first)), hasNext: rows.length > first };
  }

  async counts(asOf: Date): Promise<ShipmentCounts> {
    const { rows } = await this.database.pool.query<[number, number, number, number]>({
      rowMode: 'array',
      text: `with known as (
          select product_id, (row_number() over (order by product_id) - 1)::int as at
          from packaging.product where valid_from <= $1 group by product_id
        ), catalogue as (
          select version from packaging.package_catalogue where valid_from <= $1
          order by valid_from desc, version desc limit 1
        ), total as (
          select product_id, package, sum(shipments)::float8 as shipments, sum(damages)::float8 as damages
          from packaging.shipment_count where day <= ($1::timestamptz at time zone 'UTC')::date
          group by product_id, package
        )
        select known.at, package_type.position::int, shipments, damages
        from total
        join known using (product_id)
        join packaging.package_type on package_type.code = total.package
          and package_type.catalogue_version = (select version from catalogue)
        order by 1, 2`,
      values: [asOf],
    });
    return {
      rows: rows.length,
      product: Int32Array.from(rows, (row) => row[0]),
      package: Int32Array.from(rows, (row) => row[1]),
      shipments: Float64Array.from(rows, (row) => row[2]),
      damages: Float64Array.from(rows, (row) => row[3]),
    };
  }

  /** Product id -> package code of the plan that was promoted last, for those of `ids` that it holds. One statement. */
  async promotedPlan(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const { rows } = await this.database.pool.query<[string, string]>({
      rowMode: 'array',
      text: `select product_id, package from packaging.plan_assignment
        where plan_id = (select id from packaging.plan where promoted_at is not null order by promoted_at desc limit 1)
          and product_id = any($1)`,
      values: [ids],
    });
    return new Map(rows);
  }

  /** Keeps a plan with its assignments, all or nothing; it is not promoted. */
  async savePlan({ assignments, ...plan }: NewPlan): Promise<SavedPlan> {
    return this.database.source.transaction(async (tx) => {
      const saved = await tx.save(PlanEntity, { ...plan, promotedAt: null });
      await tx.query(
        `insert into packaging.plan_assignment (plan_id, product_id, package)
         select $1, product_id, package from unnest($2::text[], $3::text[]) as a (product_id, package)`,
        [saved.id, assignments.productId, assignments.package],
      );
      return saved;
    });
  }

  /** Makes a plan the one that recommendations follow, and says that what was recommended before is stale. @throws UNKNOWN_PLAN */
  async promotePlan(id: string): Promise<void> {
    await inTransaction(this.database, async (client) => {
      const { rowCount } = await client.query(
        'update packaging.plan set promoted_at = clock_timestamp() where id::text = $1',
        [id],
      );
      if (rowCount !== 1) throw packagingError('UNKNOWN_PLAN', `Plan "${id}" is not known`, { plan: id });
      await bumpDataRevision(client, 'packaging/plan');
    });
  }

  /** Grows with every change of packaging's facts. */
  dataRevision(): Promise<number> {
    return dataRevision(this.database, 'packaging');
  }

  /** The version in force at `$1` of the products that meet every condition, by ascending id. A page ends where its rows are full. */
  async #inForce(conditions: readonly string[], values: readonly unknown[], limit = ''): Promise<ProductTuple[]> {
    const { rows } = await this.database.pool.query<ProductTuple>({
      rowMode: 'array',
      text: `select ${productColumns} from packaging.product
        where ${['valid_from <= $1', ...conditions].join(' and ')} and not exists (
          select from packaging.product newer
          where newer.product_id = product.product_id
            and newer.valid_from > product.valid_from and newer.valid_from <= $1
        ) order by product_id ${limit}`,
      values: [...values],
    });
    return rows;
  }
}

export const packagingStore = (database: Database): PackagingStore => new PackagingStore(database);
