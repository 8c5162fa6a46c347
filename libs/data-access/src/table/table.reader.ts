import { basename } from 'node:path';

import { isDomainError } from '@haat/kit';

import { placeColumns, type PlacedColumn } from './column.mapping.ts';
import { KeyIndex } from './key.index.ts';
import type { SourceRecord } from './source.record.ts';
import { openRecords } from './source.records.ts';
import type { RejectedRow, TableDefinition, TableMapping } from './table.definition.ts';

/** A record of a file: the row that it makes, or why it makes none. */
export type ReadRecord<Row> =
  | { readonly source: SourceRecord; readonly row: Row; readonly rejected?: undefined }
  | { readonly source: SourceRecord; readonly row?: undefined; readonly rejected: RejectedRow };

export interface ReadBatch<Row> {
  readonly records: ReadRecord<Row>[];
  readonly bytesRead: number;
}

export interface OpenTable<Row> {
  readonly header: readonly string[];
  batches(): AsyncGenerator<ReadBatch<Row>>;
}

/**
 * Opens a table of a file and validates it row by row; of rows with the same key the first counts.
 * @throws FILE_MISSING, FILE_EMPTY, FILE_FORMAT, FILE_ENCODING, FILE_HEADER
 */
export async function openTable<Row>(
  file: string,
  definition: TableDefinition<Row>,
  mapping?: TableMapping,
): Promise<OpenTable<Row>> {
  const { header, batches } = await openRecords(file);
  const columns = placeColumns(definition, header, basename(file), mapping);
  const name = basename(file);
  return {
    header,
    async *batches() {
      const seen = new KeyIndex();
      for await (const { records, bytesRead } of batches()) {
        yield { records: records.map((record) => readRecord(record, definition, columns, name, seen)), bytesRead };
      }
    },
  };
}

/** All valid rows of a file, in order, and what was refused. Errors: as `openTable`. */
export async function readTable<Row>(
  file: string,
  definition: TableDefinition<Row>,
  mapping?: TableMapping,
): Promise<{ rows: Row[]; rejected: RejectedRow[] }> {
  const rows: Row[] = [];
  const rejected: RejectedRow[] = [];
  for await (const { records } of (await openTable(file, definition, mapping)).batches()) {
    for (const record of records) {
      if (record.rejected === undefined) rows.push(record.row);
      else rejected.push(record.rejected);
    }
  }
  return { rows, rejected };
}

function readRecord<Row>(
  source: SourceRecord,
  definition: TableDefinition<Row>,
  columns: readonly PlacedColumn[],
  file: string,
  seen: KeyIndex,
): ReadRecord<Row> {
  const { line } = source;
  const refuse = (column: string | null, reason: string) => ({ source, rejected: { file, line, column, reason } });
  if (source.problem !== undefined) return refuse(null, source.problem);
  const raw: Record<string, unknown> = {};
  for (const column of columns) {
    const text = source.fields[column.at];
    if (text !== null && text !== undefined && text.trim() !== '') raw[column.name] = valueOf(text, column);
  }
  let row: Row;
  try {
    row = definition.parse(raw);
  } catch (error) {
    if (!isDomainError(error)) throw error;
    const { field, expected, got } = error.details;
    return refuse(String(field ?? ''), expected === undefined ? error.message : `expected ${expected}, got ${got}`);
  }
  const before = seen.add(definition.key(row), line);
  if (before === 0) return { source, row };
  const [column] = definition.keyColumns;
  return refuse(
    column!,
    `expected one row for each ${definition.keyColumns.join(', ')}, and line ${before} has this one`,
  );
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const TRUTHS: Readonly<Record<string, boolean>> = { true: true, '1': true, false: false, '0': false };

/** The value that a text stands for; the text itself where it stands for none, so that the message can show it. */
function valueOf(text: string, { kind, factor }: PlacedColumn): unknown {
  switch (kind) {
    case 'text':
      return text;
    case 'boolean':
      return TRUTHS[text.trim().toLowerCase()] ?? text;
    case 'number': {
      const trimmed = text.trim();
      if (!NUMBER.test(trimmed)) return text;
      const value = factor === 1 ? Number(trimmed) : Number((Number(trimmed) * factor).toPrecision(15));
      return Number.isFinite(value) ? value : text;
    }
  }
}
