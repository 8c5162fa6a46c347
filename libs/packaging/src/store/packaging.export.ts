import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { correctedQuery, exportQuery, inForceQuery, type Database, type TableFormat } from '@haat/data-access';

import { productView, shipmentView } from '../contract/index.ts';
import { productColumns } from './facts.rows.ts';
import { PackagingStore } from './packaging.store.ts';

export interface PackagingExportOptions {
  readonly format?: TableFormat;
  /** Facts as of then; now otherwise. */
  readonly asOf?: Date;
}

export interface ExportedFile {
  readonly file: string;
  readonly rows: number;
}

const exportedTables = ['package-types', 'products', 'counts'] as const;

/** The files that `exportPackaging` writes. */
export function exportedFiles(directory: string, format: TableFormat): readonly string[] {
  return [...exportedTables.map((table) => `${table}.${format}`), 'tariff.json'].map((name) => join(directory, name));
}

/**
 * Writes `package-types`, `products`, `counts` and `tariff.json`, which `importPackaging` and `fileSource` read, into a folder.
 * @throws INVALID_CATALOGUE when nothing was imported before `asOf`
 */
export async function exportPackaging(
  database: Database,
  directory: string,
  { format = 'csv', asOf = new Date() }: PackagingExportOptions = {},
): Promise<ExportedFile[]> {
  const store = new PackagingStore(database);
  const at = await store.horizon(asOf);
  const { tariff } = await store.catalogue(at);
  const bounds = { asOf: `'${asOf.toISOString()}'::timestamptz`, revision: String(at.revision) };
  // The database's own CSV writes truth values as t and f.
  const flag = (column: string) => (format === 'csv' ? `${column}::text as ${column}` : column);
  const queries: Readonly<Record<(typeof exportedTables)[number], string>> = {
    'package-types': `select code, name, material_inr, added_cm, tare_kg, max_kg, max_thickness_cm
      from packaging.package_type where catalogue_version = (
        select version from packaging.package_catalogue
        where valid_from <= ${bounds.asOf} and revision <= ${bounds.revision}
        order by valid_from desc, revision desc limit 1)
      order by position`,
    products: `select ${productColumns.replace('fragile', flag('fragile')).replace('liquid', flag('liquid'))}
      from (${inForceQuery(productView, bounds)}) newest order by product_id`,
    counts: `select product_id, package, day::text as day, shipments, damages
      from (${correctedQuery(shipmentView, bounds)}) corrected order by product_id, package, day`,
  };
  await mkdir(directory, { recursive: true });
  const files: ExportedFile[] = [];
  for (const [table, sql] of Object.entries(queries)) {
    const file = join(directory, `${table}.${format}`);
    files.push({ file, rows: (await exportQuery(database, sql, file)).rows });
  }
  const file = join(directory, 'tariff.json');
  await writeFile(file, `${JSON.stringify(tariff, null, 2)}\n`);
  return [...files, { file, rows: 1 }];
}
