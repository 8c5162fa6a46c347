import { openSync, readSync, closeSync, fstatSync } from 'node:fs';
import { extname } from 'node:path';

import { dataAccessError } from '../data-access.errors.ts';
import { openCsv } from './csv.records.ts';
import { openJsonLines } from './json.records.ts';
import { openParquet } from './parquet.records.ts';
import type { SourceRecords } from './source.record.ts';

export const tableFormats = ['csv', 'jsonl', 'parquet'] as const;
export type TableFormat = (typeof tableFormats)[number];

/** Endings of names of files whose content is packed. */
const compressedEndings: readonly string[] = ['gz', 'zst', 'zip', 'bz2', 'xz'];

/** What to do about them. */
const unpackIt = 'Unpack it first';

/** By the ending of the name. @throws FILE_FORMAT */
export function formatOf(file: string): TableFormat {
  const ending = extname(file).slice(1).toLowerCase();
  const advice = compressedEndings.includes(ending) ? `. The file is compressed: ${unpackIt.toLowerCase()}` : '';
  const format = tableFormats.find((known) => known === ending);
  if (format !== undefined) return format;
  throw dataAccessError(
    'FILE_FORMAT',
    `${file}: expected a name that ends in .csv, .jsonl or .parquet, got ${ending === '' ? 'no ending' : `".${ending}"`}${advice}`,
    { file },
  );
}

/**
 * Opens a table by the ending of its name and reads its header.
 * @throws FILE_MISSING, FILE_EMPTY, FILE_FORMAT, FILE_HEADER
 */
export async function openRecords(file: string): Promise<SourceRecords> {
  const format = formatOf(file);
  requireLooks(file, format);
  switch (format) {
    case 'csv':
      return openCsv(file);
    case 'jsonl':
      return openJsonLines(file);
    case 'parquet':
      return openParquet(file);
  }
}

/** First bytes of things that are no text, and what to do about some of them. */
const signatures: readonly (readonly [name: string, bytes: readonly number[], advice?: string])[] = [
  ['a Parquet file', [0x50, 0x41, 0x52, 0x31]],
  ['a ZIP archive or spreadsheet', [0x50, 0x4b, 0x03, 0x04], 'Unpack it first, or save the spreadsheet as CSV'],
  ['a file compressed by gzip', [0x1f, 0x8b], unpackIt],
  ['a file compressed by Zstandard', [0x28, 0xb5, 0x2f, 0xfd], unpackIt],
  ['a PDF', [0x25, 0x50, 0x44, 0x46]],
  ['a PNG picture', [0x89, 0x50, 0x4e, 0x47]],
  ['an old Excel file', [0xd0, 0xcf, 0x11, 0xe0]],
];

function requireLooks(file: string, format: TableFormat): void {
  const head = headOf(file);
  if (head.length === 0) throw dataAccessError('FILE_EMPTY', `${file} is empty: expected a table`, { file });
  const [found, , advice] = signatures.find(([, bytes]) => bytes.every((byte, i) => head[i] === byte)) ?? [];
  const wanted = format === 'parquet' ? 'a Parquet file' : undefined;
  if (found === wanted) return;
  throw dataAccessError(
    'FILE_FORMAT',
    `${file} is not what its name says: expected ${wanted ?? `text (${format})`}, got ${found ?? 'something else'}${advice === undefined ? '' : `. ${advice}`}`,
    { file },
  );
}

function headOf(file: string): Buffer {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, 'r');
    if (!fstatSync(descriptor).isFile()) throw new Error('it is not a file');
    const head = Buffer.alloc(16);
    return head.subarray(0, readSync(descriptor, head, 0, 16, 0));
  } catch (cause) {
    throw dataAccessError('FILE_MISSING', `${file} cannot be read: ${(cause as Error).message}`, { file }, cause);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
