import { dataAccessError } from '../data-access.errors.ts';
import { CsvSplitter } from './csv.splitter.ts';
import type { SourceRecord, SourceRecords } from './source.record.ts';
import { textPieces } from './text.pieces.ts';

/** @throws FILE_EMPTY, FILE_HEADER, FILE_ENCODING */
export async function openCsv(file: string): Promise<SourceRecords> {
  const header = await headerOf(file);
  return {
    header,
    async *batches() {
      const splitter = new CsvSplitter(header.length);
      let first = true;
      let bytesRead = 0;
      const drain = (final: boolean) => {
        const records: SourceRecord[] = [];
        for (let record = splitter.next(final); record !== null; record = splitter.next(final)) {
          if (!first) records.push(record);
          first = false;
        }
        return records;
      };
      for await (const piece of textPieces(file)) {
        ({ bytesRead } = piece);
        splitter.push(piece.text);
        yield { records: drain(false), bytesRead };
      }
      yield { records: drain(true), bytesRead };
    },
  };
}

async function headerOf(file: string): Promise<readonly string[]> {
  const splitter = new CsvSplitter();
  let record: SourceRecord | null = null;
  for await (const { text } of textPieces(file)) {
    splitter.push(text);
    record = splitter.next(false);
    if (record !== null) break;
  }
  record ??= splitter.next(true);
  if (record === null) throw dataAccessError('FILE_EMPTY', `${file} is empty: expected a header line`, { file });
  if (record.problem !== undefined) {
    throw dataAccessError('FILE_HEADER', `${file}, line ${record.line}: the header is broken: ${record.problem}`, {
      file,
      line: record.line,
    });
  }
  return record.fields.map((name) => (name ?? '').trim());
}
