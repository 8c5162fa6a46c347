import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { packagingConstants } from './packaging.constants.ts';
import type { PackagingWorld } from './packaging.world.ts';
import { worldTableNames, worldTables, type TableColumn, type WorldTable } from './world.tables.ts';

export type WorldFormat = 'csv' | 'jsonl' | 'parquet';

/** Writes one Parquet file of equally long columns. Passed in, so that a simulator needs no database engine. */
export type ParquetWriter = (file: string, columns: Readonly<Record<string, TableColumn>>) => Promise<unknown>;

export interface WrittenFile {
  readonly file: string;
  readonly rows: number;
}

const ROWS_A_CHUNK = 10_000;

/** One value as a CSV field (RFC 4180); null is an empty field. */
function csvField(value: string | number | boolean | null): string {
  if (value === null) return '';
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function* csvLines({ rows, columns }: WorldTable): Generator<string> {
  const names = Object.keys(columns);
  const values = Object.values(columns);
  let text = `${names.map(csvField).join(',')}\n`;
  for (let row = 0; row < rows; row++) {
    text += `${values.map((column) => csvField(column[row]!)).join(',')}\n`;
    if (row % ROWS_A_CHUNK === ROWS_A_CHUNK - 1) {
      yield text;
      text = '';
    }
  }
  yield text;
}

function* jsonLines({ rows, columns }: WorldTable): Generator<string> {
  const entries = Object.entries(columns);
  let text = '';
  for (let row = 0; row < rows; row++) {
    text += `${JSON.stringify(Object.fromEntries(entries.map(([name, column]) => [name, column[row]!])))}\n`;
    if (row % ROWS_A_CHUNK === ROWS_A_CHUNK - 1) {
      yield text;
      text = '';
    }
  }
  yield text;
}

async function writeTable(file: string, table: WorldTable, format: WorldFormat, parquet: ParquetWriter | undefined) {
  if (format === 'parquet') {
    if (!parquet)
      throw new TypeError('writeWorld: format "parquet" needs the option `parquet`, a writer of Parquet files');
    await parquet(file, table.columns);
  } else {
    const lines = format === 'csv' ? csvLines(table) : jsonLines(table);
    await pipeline(Readable.from(lines), createWriteStream(file));
  }
}

/** The files that `writeWorld` writes. */
export function worldFiles(directory: string, format: WorldFormat): readonly string[] {
  const tables = worldTableNames.map((name) => `${name}.${format}`);
  return [...tables, 'tariff.json', 'truth/constants.json'].map((name) => join(directory, name));
}

/**
 * Writes `products`, `package-types`, `counts` (in `format`), `tariff.json` and the folder `truth/` (`products`,
 * `probabilities`, `randomly-packed`, `constants.json`) into `directory`, which is made when absent. The same world gives the same
 * bytes.
 */
export async function writeWorld(
  world: PackagingWorld,
  directory: string,
  format: WorldFormat,
  options: { readonly parquet?: ParquetWriter } = {},
): Promise<readonly WrittenFile[]> {
  await mkdir(join(directory, 'truth'), { recursive: true });
  const written: WrittenFile[] = [];
  for (const [name, table] of Object.entries(worldTables(world))) {
    const file = join(directory, `${name}.${format}`);
    await writeTable(file, table, format, options.parquet);
    written.push({ file, rows: table.rows });
  }
  const { seed, firstDay, days } = world;
  const json = { 'tariff.json': world.tariff, 'truth/constants.json': { seed, firstDay, days, ...packagingConstants } };
  for (const [name, value] of Object.entries(json)) {
    const file = join(directory, name);
    await writeFile(file, `${JSON.stringify(value, null, 2)}\n`);
    written.push({ file, rows: 1 });
  }
  return written;
}
