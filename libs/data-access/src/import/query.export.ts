import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';

import { to as copyTo } from 'pg-copy-streams';

import { lease, type Database } from '../database/database.connection.ts';
import { writeParquet, type ParquetColumn } from '../snapshot/parquet.file.ts';
import { formatOf } from '../table/source.records.ts';

/**
 * Writes what a query answers to a file, in the format of its ending; truth values are `true` and `false`, null is an empty
 * field of CSV. The database streams CSV and JSON lines; Parquet is held in memory. A reader sees the whole file or none.
 */
export async function exportQuery(database: Database, sql: string, file: string): Promise<{ rows: number }> {
  const format = formatOf(file);
  if (format === 'parquet') return writeParquet(file, await columnsOf(database, sql));
  await mkdir(dirname(file), { recursive: true });
  const unfinished = `${file}.${randomBytes(6).toString('hex')}`;
  const client = await lease(database);
  try {
    const stream = client.query(copyTo(format === 'csv' ? asCsv(sql) : asJsonLines(sql)));
    await pipeline(stream, createWriteStream(unfinished));
    await rename(unfinished, file);
    return { rows: (stream as unknown as { rowCount: number }).rowCount };
  } finally {
    client.release();
    await rm(unfinished, { force: true });
  }
}

const asCsv = (sql: string) => `copy (${sql}) to stdout with (format csv, header true)`;

/** JSON holds no control characters, so that a row with these as quote and delimiter is the JSON text itself. */
const asJsonLines = (sql: string) =>
  `copy (select row_to_json(line) from (${sql}) line) to stdout with (format csv, quote E'\\x01', delimiter E'\\x02')`;

async function columnsOf(database: Database, sql: string): Promise<Record<string, ParquetColumn>> {
  const { fields, rows } = await database.pool.query<(string | number | boolean | null)[]>({
    rowMode: 'array',
    text: sql,
  });
  return Object.fromEntries(fields.map(({ name }, i) => [name, rows.map((row) => row[i]!)]));
}
