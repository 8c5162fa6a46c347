import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** One column of a file: numbers, or text, truth values and nulls. */
export type TableColumn = Float64Array | Int32Array | Uint8Array | readonly (string | number | boolean | null)[];

export interface WorldTable {
  readonly rows: number;
  readonly columns: Readonly<Record<string, TableColumn>>;
}

export type WorldFormat = 'csv' | 'jsonl' | 'parquet';

/** Writes one Parquet file of equally long columns. Passed in, so that a simulator needs no database engine. */
export type ParquetWriter = (file: string, columns: Readonly<Record<string, TableColumn>>) => Promise<unknown>;

export interface WrittenFile {
  readonly file: string;
  readonly rows: number;
}

/** What a world is as files: tables and JSON documents by name without folder; a table's name is without the ending of its format. */
export interface WorldContent {
  readonly tables: Readonly<Record<string, WorldTable>>;
  readonly documents: Readonly<Record<string, unknown>>;
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
      throw new TypeError('A world in the format "parquet" needs the option `parquet`, a writer of Parquet files');
    await parquet(file, table.columns);
  } else {
    const lines = format === 'csv' ? csvLines(table) : jsonLines(table);
    await pipeline(Readable.from(lines), createWriteStream(file));
  }
}

/** Writes the tables (in `format`) and documents of a world into `directory`, which is made when absent. */
export async function writeContent(
  { tables, documents }: WorldContent,
  directory: string,
  format: WorldFormat,
  { parquet }: { readonly parquet?: ParquetWriter },
): Promise<readonly WrittenFile[]> {
  const written: WrittenFile[] = [];
  for (const [name, table] of Object.entries(tables)) {
    const file = join(directory, `${name}.${format}`);
    await mkdir(dirname(file), { recursive: true });
    await writeTable(file, table, format, parquet);
    written.push({ file, rows: table.rows });
  }
  for (const [name, value] of Object.entries(documents)) {
    const file = join(directory, name);
    await writeFile(file, `${JSON.stringify(value, null, 2)}\n`);
    written.push({ file, rows: 1 });
  }
  return written;
}
