import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import {
  checkFile,
  dataAccessError,
  readTable,
  tableFormats,
  type ColumnMapping,
  type TableDefinition,
} from '@haat/data-access';

import {
  defaultTariff,
  packageCatalogue,
  packagingError,
  parseTariff,
  type PackageCatalogue,
  type Tariff,
} from '../contract/index.ts';
import { countTable, packageTypeTable, packagingTables, productTable } from './packaging.tables.ts';

/** The files of a folder; null where a table is not there. */
export interface PackagingFiles {
  readonly products: string | null;
  readonly packageTypes: string | null;
  readonly counts: string | null;
}

/** Finds the files of a folder by name. @throws FILE_MISSING, FILE_FORMAT when a table is there in two formats */
export function findPackagingFiles(directory: string): PackagingFiles {
  if (!existsSync(directory) || !statSync(directory).isDirectory()) {
    throw dataAccessError('FILE_MISSING', `${directory} is not a folder: expected one with ${expectedNames}`, {
      file: directory,
    });
  }
  const find = ({ name }: Pick<TableDefinition<unknown>, 'name'>) => {
    const found = tableFormats.map((format) => join(directory, `${name}.${format}`)).filter((file) => existsSync(file));
    if (found.length > 1) {
      throw dataAccessError(
        'FILE_FORMAT',
        `The table ${name} is there more than once: ${found.join(', ')}. Keep one.`,
        {
          files: found,
        },
      );
    }
    return found[0] ?? null;
  };
  const files = { products: find(productTable), packageTypes: find(packageTypeTable), counts: find(countTable) };
  if (Object.values(files).every((file) => file === null)) {
    throw dataAccessError('FILE_MISSING', `${directory} has no table of packaging: expected ${expectedNames}`, {
      file: directory,
    });
  }
  return files;
}

const expectedNames = packagingTables.map(({ name }) => `${name}.{${tableFormats.join(',')}}`).join(', ');

/** Checks all files as wholes, before anything is read into use. Errors: as `checkFile`. */
export async function checkPackagingFiles(files: PackagingFiles, mapping: ColumnMapping): Promise<void> {
  if (files.packageTypes !== null) await checkFile(files.packageTypes, packageTypeTable, mapping['package-types']);
  if (files.products !== null) await checkFile(files.products, productTable, mapping['products']);
  if (files.counts !== null) await checkFile(files.counts, countTable, mapping['counts']);
}

/**
 * The catalogue of a file of package types, and the tariff beside it. A catalogue is one thing: one bad row refuses it whole.
 * @throws INVALID_CATALOGUE with file, line and column
 */
export async function readCatalogue(
  directory: string,
  file: string,
  mapping: ColumnMapping,
): Promise<PackageCatalogue> {
  const { rows, rejected } = await readTable(file, packageTypeTable, mapping['package-types']);
  const [first] = rejected;
  if (first !== undefined) {
    throw packagingError(
      'INVALID_CATALOGUE',
      `${file}, line ${first.line}: ${first.column === null ? '' : `field ${first.column}: `}${first.reason}`,
      { ...first },
    );
  }
  return packageCatalogue(rows, readTariff(join(directory, 'tariff.json')));
}

/** @throws FILE_FORMAT, INVALID_CATALOGUE */
function readTariff(file: string): Tariff {
  if (!existsSync(file)) return defaultTariff;
  let raw: unknown;
  try {
    raw = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw dataAccessError('FILE_FORMAT', `${file} is not JSON: ${(cause as Error).message}`, { file }, cause);
  }
  return parseTariff(raw, file);
}
