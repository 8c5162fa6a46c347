import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { dataAccessError } from '../data-access.errors.ts';
import { tableFormats } from '../table/source.records.ts';
import type { ColumnMapping, TableDefinition } from '../table/table.definition.ts';
import { checkFile } from './file.import.ts';

/** The files of a folder by the names of their tables; a table that is not there is absent. */
export type FolderFiles = ReadonlyMap<string, string>;

/** The tables of a domain as files carry them. */
export interface FolderTables {
  readonly domain: string;
  readonly tables: readonly TableDefinition<unknown>[];
}

/**
 * Finds the files of a folder by the names of tables, and checks each as a whole before anything is read into use.
 * @throws FILE_MISSING where there is none, FILE_FORMAT when a table is there in two formats, what `checkFile` throws
 */
export async function folderFiles(
  directory: string,
  { domain, tables }: FolderTables,
  mapping: ColumnMapping,
): Promise<FolderFiles> {
  const expected = tables.map(({ name }) => `${name}.{${tableFormats.join(',')}}`).join(', ');
  if (!existsSync(directory) || !statSync(directory).isDirectory()) {
    throw missing(directory, `${directory} is not a folder: expected one with ${expected}`);
  }
  const found = tables.flatMap((table) => {
    const file = fileOf(directory, table.name);
    return file === null ? [] : [{ table, file }];
  });
  if (found.length === 0) throw missing(directory, `${directory} has no table of ${domain}: expected ${expected}`);
  for (const { table, file } of found) await checkFile(file, table, mapping[table.name]);
  return new Map(found.map(({ table, file }) => [table.name, file]));
}

/** The file of a table that has to be there. @throws FILE_MISSING */
export function requiredFile(files: FolderFiles, directory: string, table: string): string {
  const file = files.get(table);
  if (file !== undefined) return file;
  throw missing(directory, `${directory} has no file ${table}: expected ${table}.csv, .jsonl or .parquet`, { table });
}

function fileOf(directory: string, table: string): string | null {
  const files = tableFormats.map((format) => join(directory, `${table}.${format}`)).filter((file) => existsSync(file));
  if (files.length <= 1) return files[0] ?? null;
  throw dataAccessError('FILE_FORMAT', `The table ${table} is there more than once: ${files.join(', ')}. Keep one.`, {
    files,
  });
}

function missing(directory: string, message: string, details: object = {}) {
  return dataAccessError('FILE_MISSING', message, { file: directory, ...details });
}
