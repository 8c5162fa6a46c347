import { dataAccessError } from '../data-access.errors.ts';
import { sqlText, withDuckDb } from '../snapshot/duckdb.session.ts';
import type { SourceRecord, SourceRecords } from './source.record.ts';

/** Every column as text, so that all formats pass the same validation. @throws FILE_FORMAT */
export async function openParquet(file: string): Promise<SourceRecords> {
  const header = await withDuckDb(async (connection) => {
    try {
      const described = await connection.runAndReadAll(`describe select * from read_parquet(${sqlText(file)})`);
      return described.getRowObjects().map((row) => String(row['column_name']));
    } catch (cause) {
      const [what] = (cause as Error).message.split('\n');
      throw dataAccessError('FILE_FORMAT', `${file} is not a readable Parquet file: ${what}`, { file }, cause);
    }
  });
  return {
    header,
    async *batches() {
      const columns = header.map((name) => `"${name.replaceAll('"', '""')}"::varchar`).join(', ');
      const session = await withDuckDb.open();
      try {
        const result = await session.connection.stream(`select ${columns} from read_parquet(${sqlText(file)})`);
        let line = 1;
        for (;;) {
          const chunk = await result.fetchChunk();
          if (chunk === null || chunk.rowCount === 0) break;
          const records = chunk
            .getRows()
            .map((row): SourceRecord => ({ line: line++, fields: row as (string | null)[] }));
          yield { records, bytesRead: 0 };
        }
      } finally {
        session.close();
      }
    },
  };
}
