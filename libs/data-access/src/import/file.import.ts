import { stat } from 'node:fs/promises';
import { basename } from 'node:path';

import type { Database } from '../database/database.connection.ts';
import { RejectsFile } from '../table/rejects.file.ts';
import type { SourceRecord } from '../table/source.record.ts';
import { formatOf } from '../table/source.records.ts';
import type { RejectedRow, TableDefinition, TableMapping } from '../table/table.definition.ts';
import { openTable, type OpenTable } from '../table/table.reader.ts';
import { requireUtf8 } from '../table/text.pieces.ts';
import { TableImport, type ImportTarget } from './table.import.ts';

/** How far the import of a file is. `bytesRead` of `bytes` tells the share where the format does (not Parquet). */
export interface ImportProgress {
  readonly file: string;
  readonly rows: number;
  readonly rejected: number;
  readonly bytesRead: number;
  readonly bytes: number;
}

export interface FileImportOptions<Row> {
  readonly file: string;
  readonly definition: TableDefinition<Row>;
  readonly mapping?: TableMapping;
  /**
   * Where the rows go; in a dry run they are only compared with what is there. Without it there is no database (a reader
   * that collects `onAccepted`).
   */
  readonly database?: { readonly database: Database; readonly target: ImportTarget<Row>; readonly dryRun: boolean };
  /** Where refused rows are kept; without it they are only counted and told. */
  readonly rejectsFile?: string;
  /** What rows refer to: answers for each row null, or the column and the reason to refuse it. */
  readonly check?: (rows: readonly Row[]) => Promise<(readonly [column: string, reason: string] | null)[]>;
  readonly onAccepted?: (rows: readonly Row[]) => void;
  readonly onProgress?: (progress: ImportProgress) => void;
  /** Records of one transaction. */
  readonly chunkRecords?: number;
  /** How long to wait for another import of the table to end, such as one whose connection is just breaking. */
  readonly lockWaitMs?: number;
}

export interface FileImportSummary {
  readonly file: string;
  /** Records that the file holds. */
  readonly records: number;
  readonly accepted: number;
  /** Refused rows; the list ends after the first thousand. */
  readonly rejected: number;
  readonly reasons: readonly RejectedRow[];
  readonly rejectsFile: string | null;
  /** Rows that were added or changed in the database; in a dry run, that would be. */
  readonly changed: number;
  /** Records that an interrupted import of the same file had done before. */
  readonly resumedAfter: number;
}

const CHUNK_RECORDS = 65_536;
const REASONS_KEPT = 1000;

/**
 * Checks a file as a whole, before anything of it is used: its form, its encoding to the last byte, and its header.
 * @throws FILE_MISSING, FILE_EMPTY, FILE_FORMAT, FILE_ENCODING, FILE_HEADER
 */
export async function checkFile<Row>(
  file: string,
  definition: TableDefinition<Row>,
  mapping?: TableMapping,
): Promise<OpenTable<Row>> {
  const table = await openTable(file, definition, mapping);
  if (formatOf(file) !== 'parquet') await requireUtf8(file);
  return table;
}

/**
 * Imports a file: valid rows are merged chunk by chunk, each chunk in one transaction; refused rows are kept with place and
 * reason. Importing a file again changes nothing; an import that was interrupted goes on where it stopped.
 * @throws what `checkFile` throws, and IMPORT_RUNNING
 */
export async function importFile<Row>(options: FileImportOptions<Row>): Promise<FileImportSummary> {
  const { file, definition, mapping, database, rejectsFile, check, onAccepted, onProgress } = options;
  const { chunkRecords = CHUNK_RECORDS, lockWaitMs = 10_000 } = options;
  const table = await checkFile(file, definition, mapping);
  const { size: bytes } = await stat(file);
  const rejects = rejectsFile === undefined ? null : new RejectsFile(rejectsFile, table.header);
  const writer =
    database &&
    (await TableImport.begin(database.database, database.target, file, {
      salt: JSON.stringify(mapping ?? {}),
      lockWaitMs,
      dryRun: database.dryRun,
    }));
  const done = writer?.done ?? 0;
  const reasons: RejectedRow[] = [];
  let [records, accepted, rejected] = [0, 0, 0];
  let inChunk = 0;
  let failed = true;
  try {
    for await (const batch of table.batches()) {
      const refused: { source: SourceRecord; rejected: RejectedRow }[] = [];
      const valid: Row[] = [];
      const validAt: number[] = [];
      batch.records.forEach((record, i) => {
        if (record.rejected !== undefined) refused.push(record);
        else {
          valid.push(record.row);
          validAt.push(i);
        }
      });
      const verdicts = check === undefined ? [] : await check(valid);
      const keptAt: number[] = [];
      const kept = valid.filter((_, i) => {
        const verdict = verdicts[i] ?? null;
        if (verdict === null) return keptAt.push(validAt[i]!) > 0;
        const { source } = batch.records[validAt[i]!]!;
        const [column, reason] = verdict;
        refused.push({ source, rejected: { file: basename(file), line: source.line, column, reason } });
        return false;
      });
      refused.sort((a, b) => a.source.line - b.source.line);
      await rejects?.write(refused);
      reasons.push(...refused.slice(0, REASONS_KEPT - reasons.length).map((one) => one.rejected));
      onAccepted?.(kept);
      const before = records;
      records += batch.records.length;
      accepted += kept.length;
      rejected += refused.length;
      if (writer !== undefined && records > done) {
        writer.add(before >= done ? kept : kept.filter((_, i) => before + keptAt[i]! >= done));
        inChunk += batch.records.length;
        if (inChunk >= chunkRecords) {
          await writer.write(records);
          inChunk = 0;
        }
      }
      onProgress?.({ file: basename(file), rows: accepted, rejected, bytesRead: batch.bytesRead, bytes });
    }
    if (inChunk > 0) await writer?.write(records);
    await writer?.finish(records);
    failed = false;
  } finally {
    if (failed) await rejects?.abandon();
    await writer?.close(failed);
  }
  return {
    file: basename(file),
    records,
    accepted,
    rejected,
    reasons,
    rejectsFile: (await rejects?.finish()) ?? null,
    changed: writer?.changed ?? 0,
    resumedAfter: done,
  };
}
