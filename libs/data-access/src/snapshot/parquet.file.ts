import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

import type { DuckDBConnection, DuckDBType } from '@duckdb/node-api';

import { digestOfFile, type StoredContent } from '../content/content.store.ts';
import { dataAccessError } from '../data-access.errors.ts';
import { sqlText, withDuckDb } from './duckdb.session.ts';

/** A column of a Parquet file: numbers by their own type, or text, truth values or numbers with nulls. */
export type ParquetColumn =
  | Float64Array
  | Float32Array
  | Int32Array
  | Uint8Array
  | readonly (string | null)[]
  | readonly (boolean | null)[]
  | readonly (number | null)[]
  | readonly (string | number | boolean | null)[];

export interface ParquetOptions {
  /** Columns to sort by, ascending; text by the bytes of its UTF-8. Without them rows stay in their order. */
  readonly sortBy?: readonly string[];
  /** Kept in the file's key-value metadata. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * Writes one Parquet file of equally long columns and answers its digest. The same columns and metadata give the same bytes.
 * A reader sees the whole file or none.
 * @throws RangeError when the columns differ in length or one mixes types.
 */
export async function writeParquet(
  file: string,
  columns: Readonly<Record<string, ParquetColumn>>,
  { sortBy = [], metadata = {} }: ParquetOptions = {},
): Promise<StoredContent & { readonly rows: number }> {
  const [first] = Object.values(columns);
  const rows = first?.length ?? 0;
  for (const [name, column] of Object.entries(columns)) {
    if (column.length !== rows) {
      throw new RangeError(`writeParquet: column ${name}: expected ${rows} values, got ${column.length}`);
    }
  }
  await mkdir(dirname(file), { recursive: true });
  const unfinished = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    await withDuckDb(async (connection) => {
      await fill(connection, columns, rows);
      const order = sortBy.length > 0 ? ` order by ${sortBy.map(quoted).join(', ')}` : '';
      const pairs = Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1));
      const kept = pairs.map(([key, value]) => `${quoted(key)}: ${sqlText(value)}`).join(', ');
      await connection.run(
        `copy (select * from input${order}) to ${sqlText(unfinished)}
         (format parquet, compression zstd, row_group_size 122880${kept === '' ? '' : `, kv_metadata {${kept}}`})`,
      );
    });
    await rename(unfinished, file);
  } finally {
    await rm(unfinished, { force: true });
  }
  return { ...(await digestOfFile(file)), rows };
}

/** A Parquet file in columns, in the file's order. Numbers are Float64Array, text and truth values plain lists with nulls. */
export interface ParquetTable {
  readonly rows: number;
  readonly metadata: Readonly<Record<string, string>>;
  /** @throws FILE_HEADER when there is no such column, or when it is not numbers without nulls. */
  numbers(name: string): Float64Array;
  /** @throws FILE_HEADER when there is no such column. */
  text(name: string): (string | null)[];
  /** @throws FILE_HEADER when there is no such column. */
  flags(name: string): Uint8Array;
  /** Names in the file's order. */
  readonly columns: readonly string[];
}

/** @throws FILE_MISSING, FILE_FORMAT when the file is none that can be read. */
export async function readParquet(file: string): Promise<ParquetTable> {
  await digestOfFile(file);
  return withDuckDb(async (connection) => {
    try {
      const from = sqlText(file);
      const kept = await connection.runAndReadAll(
        `select decode(key) as key, decode(value) as value from parquet_kv_metadata(${from})`,
      );
      const data = await connection.runAndReadAll(`select * from read_parquet(${from})`);
      const metadata = Object.fromEntries(kept.getRows().map(([key, value]) => [String(key), String(value)]));
      const names = data.columnNames();
      const values = data.getColumns();
      const column = (name: string) => {
        const found = values[names.indexOf(name)];
        // A file without rows has no values to list, though it has the column.
        if (found === undefined && !names.includes(name)) throw noColumn(file, name, names);
        return found ?? [];
      };
      return {
        rows: data.currentRowCount,
        metadata,
        columns: names,
        numbers: (name) => Float64Array.from(column(name), (value) => numberOf(value, file, name)),
        text: (name) => column(name).map((value) => (value === null ? null : String(value))),
        flags: (name) => Uint8Array.from(column(name), (value) => numberOf(value, file, name)),
      };
    } catch (cause) {
      const [what] = (cause as Error).message.split('\n');
      throw dataAccessError('FILE_FORMAT', `${file} is not a readable Parquet file: ${what}`, { file }, cause);
    }
  });
}

function numberOf(value: unknown, file: string, name: string): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint' || typeof value === 'boolean') return Number(value);
  throw dataAccessError('FILE_HEADER', `${file}: column ${name}: expected numbers, got ${String(value)}`, {
    file,
    column: name,
  });
}

const noColumn = (file: string, column: string, names: readonly string[]) =>
  dataAccessError('FILE_HEADER', `${file}: expected a column ${column}, got ${names.join(', ')}`, { file, column });

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

const CHUNK_ROWS = 2048;

async function fill(
  connection: DuckDBConnection,
  columns: Readonly<Record<string, ParquetColumn>>,
  rows: number,
): Promise<void> {
  const { BOOLEAN, DOUBLE, DuckDBDataChunk, FLOAT, INTEGER, UTINYINT, VARCHAR } = await import('@duckdb/node-api');
  const typeOf = (name: string, column: ParquetColumn): DuckDBType => {
    if (column instanceof Float64Array) return DOUBLE;
    if (column instanceof Float32Array) return FLOAT;
    if (column instanceof Int32Array) return INTEGER;
    if (column instanceof Uint8Array) return UTINYINT;
    const kinds = new Set<string>();
    for (const value of column) if (value !== null) kinds.add(typeof value);
    if (kinds.size > 1)
      throw new RangeError(`writeParquet: column ${name}: expected one type, got ${[...kinds].join(', ')}`);
    return kinds.has('number') ? DOUBLE : kinds.has('boolean') ? BOOLEAN : VARCHAR;
  };
  const names = Object.keys(columns);
  const lists = Object.values(columns);
  const types = names.map((name, i) => typeOf(name, lists[i]!));
  await connection.run(`create table input (${names.map((name, i) => `${quoted(name)} ${types[i]}`).join(', ')})`);
  const appender = await connection.createAppender('input');
  for (let from = 0; from < rows; from += CHUNK_ROWS) {
    const count = Math.min(CHUNK_ROWS, rows - from);
    const chunk = DuckDBDataChunk.create(types, count);
    lists.forEach((list, i) => chunk.setColumnValues(i, Array.from(list.slice(from, from + count))));
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
}
