import {
  changeData,
  FolderImport,
  viewTarget,
  type Database,
  type FolderImportOptions,
  type FolderImportSummary,
  type ImportTarget,
} from '@haat/data-access';

import { packagingError, productView, type PackageCatalogue, type ShipmentCountRow } from '../contract/index.ts';
import { readCatalogue } from './packaging.files.ts';
import { PackagingStore } from './packaging.store.ts';
import { countTable, packageTypeTable, packagingFolder, productTable } from './packaging.tables.ts';
import { References } from './row.references.ts';

export interface PackagingImportOptions extends FolderImportOptions {
  /** From when the facts of products and the catalogue hold; now otherwise. */
  readonly validFrom?: Date;
}

export interface PackagingImportSummary extends FolderImportSummary {
  /** The catalogue of the folder and whether it is (in a dry run: would be) a new version; null when it has none. */
  readonly catalogue: { readonly types: number; readonly changed: boolean } | null;
}

/**
 * Imports `package-types`, `products` and `counts` (those that are there) from a folder: a bad row costs that row, and rows are
 * merged chunk by chunk.
 * @throws what `folderFiles` throws, INVALID_MAPPING, INVALID_CATALOGUE, IMPORT_RUNNING
 */
export async function importPackaging(
  database: Database,
  directory: string,
  { validFrom = new Date(), ...options }: PackagingImportOptions = {},
): Promise<PackagingImportSummary> {
  const folder = await FolderImport.begin(database, directory, packagingFolder, options);
  const typesFile = folder.files.get(packageTypeTable.name);
  const catalogue = typesFile === undefined ? null : await readCatalogue(directory, typesFile, folder.mapping);
  const references = new References(await knownPackages(database, catalogue), (ids) => knownProducts(database, ids));
  const changed = catalogue !== null && (await isNewCatalogue(database, catalogue, validFrom));
  if (changed && !options.dryRun) await saveCatalogue(database, catalogue, validFrom);
  await folder.run(productTable, viewTarget(productView, productTable.name, validFrom), {
    check: references.checkProducts,
    onAccepted: (rows) => references.addProducts(rows),
  });
  await folder.run(countTable, countTarget, { check: references.checkCounts });
  const summary = await folder.end('packaging.product, packaging.shipment_count');
  return { ...summary, catalogue: catalogue && { types: catalogue.types.length, changed } };
}

/** The file's counts of a product, package and day correct what was there. */
const countTarget: ImportTarget<ShipmentCountRow> = {
  domain: 'packaging',
  table: 'counts',
  staging: {
    product_id: 'text collate "C"',
    package: 'text collate "C"',
    day: 'date',
    shipments: 'integer',
    damages: 'integer',
  },
  values: (row) => [row.product_id, row.package, row.day, row.shipments, row.damages],
  into: 'packaging.shipment_count (product_id, package, day, revision, shipments, damages)',
  changes: `select staging.product_id, staging.package, staging.day, $1::bigint, staging.shipments, staging.damages
    from pg_temp.staging
    left join lateral (
      select count.shipments, count.damages from packaging.shipment_count count
      where count.product_id = staging.product_id and count.package = staging.package and count.day = staging.day
      order by revision desc limit 1
    ) newest on true
    where newest.shipments is null
      or (newest.shipments, newest.damages) is distinct from (staging.shipments, staging.damages)`,
};

/** Codes of every catalogue that there was, and of the one that comes. */
async function knownPackages(database: Database, catalogue: PackageCatalogue | null): Promise<ReadonlySet<string>> {
  const { rows } = await database.pool.query<{ code: string }>('select distinct code from packaging.package_type');
  const codes = [...rows, ...(catalogue?.types ?? [])].map(({ code }) => code);
  if (codes.length > 0) return new Set(codes);
  throw packagingError(
    'INVALID_CATALOGUE',
    'No package type is known yet. Import package-types first, or with the rest.',
  );
}

async function knownProducts(database: Database, ids: readonly string[]): Promise<readonly string[]> {
  const { rows } = await database.pool.query<{ product_id: string }>(
    'select distinct product_id from packaging.product where product_id = any($1)',
    [ids],
  );
  return rows.map(({ product_id }) => product_id);
}

/** Whether the catalogue in force at `validFrom` is another one, or there is none. */
async function isNewCatalogue(database: Database, catalogue: PackageCatalogue, validFrom: Date): Promise<boolean> {
  const store = new PackagingStore(database);
  const [current] = await store.cataloguesAt([await store.horizon(validFrom)]);
  return !current || catalogueText(current) !== catalogueText(catalogue);
}

/** Adds a version of the catalogue. */
async function saveCatalogue(database: Database, catalogue: PackageCatalogue, validFrom: Date): Promise<void> {
  await changeData(database, 'packaging', async (client, revision) => {
    const { tariff, types } = catalogue;
    const { rows } = await client.query<{ version: number }>(
      `insert into packaging.package_catalogue (valid_from, revision, material_volume_share, material_volume_scale_cm3,
         freight_inr_per_half_kg, volumetric_cm3_per_kg, write_off_share, damage_fixed_inr)
       values ($1, $2, $3, $4, $5, $6, $7, $8) returning version`,
      [
        validFrom,
        revision,
        tariff.material_volume_share,
        tariff.material_volume_scale_cm3,
        tariff.freight_inr_per_half_kg,
        tariff.volumetric_cm3_per_kg,
        tariff.write_off_share,
        tariff.damage_fixed_inr,
      ],
    );
    await client.query(
      `insert into packaging.package_type
         (catalogue_version, position, code, name, material_inr, added_cm, tare_kg, max_kg, max_thickness_cm)
       select $1, position - 1, code, name, material_inr, added_cm, tare_kg, max_kg, max_thickness_cm
       from rows from (jsonb_to_recordset($2::jsonb) as (code text, name text, material_inr float8, added_cm float8,
         tare_kg float8, max_kg float8, max_thickness_cm float8)) with ordinality
         as t (code, name, material_inr, added_cm, tare_kg, max_kg, max_thickness_cm, position)`,
      [rows[0]!.version, JSON.stringify(types)],
    );
  });
}

/** The same text for the same catalogue, whatever the order of its keys. */
function catalogueText({ types, tariff }: PackageCatalogue): string {
  const sorted = (value: object) => Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([types.map(sorted), sorted(tariff)]);
}
