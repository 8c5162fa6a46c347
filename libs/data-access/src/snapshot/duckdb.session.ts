import type { DuckDBConnection } from '@duckdb/node-api';

interface Session {
  readonly connection: DuckDBConnection;
  close(): void;
}

/** One thread: the order of rows, and with it the bytes of files, do not depend on the machine. */
async function open(): Promise<Session> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  return {
    connection,
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

async function run<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  const session = await open();
  try {
    return await work(session.connection);
  } finally {
    session.close();
  }
}

/** Runs `work` on a database in memory that is gone afterwards; `open` leaves the closing to the caller. */
export const withDuckDb = Object.assign(run, { open });

/** A string as a literal of SQL. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
