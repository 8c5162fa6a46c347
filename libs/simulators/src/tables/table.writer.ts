import { createWriteStream } from 'node:fs';
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

/** Writes one table. @throws TypeError where Parquet is wanted without a writer of it */
export async function writeTable(
  file: string,
  table: WorldTable,
  format: WorldFormat,
  parquet: ParquetWriter | undefined,
): Promise<void> {
  if (format === 'parquet') {
    if (!parquet)
      throw new TypeError('writeWorld: format "parquet" needs the option `parquet`, a writer of Parquet files');
    await parquet(file, table.columns);
  } else {
    const lines = format === 'csv' ? csvLines(table) : jsonLines(table);
    await pipeline(Readable.from(lines), createWriteStream(file));
  }
}
