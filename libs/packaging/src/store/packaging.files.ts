import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { dataAccessError, readTable, type ColumnMapping } from '@haat/data-access';

import {
  defaultTariff,
  packageCatalogue,
  packagingError,
  parseTariff,
  type PackageCatalogue,
  type Tariff,
} from '../contract/index.ts';
import { packageTypeTable } from './packaging.tables.ts';

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
