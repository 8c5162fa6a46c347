import type pg from 'pg';

import { dataAccessError } from '../data-access.errors.ts';
import { digestOfFile } from '../content/content.store.ts';
import { lease, type Database } from '../database/database.connection.ts';
import { openDataRevision, raiseDataRevision } from '../platform/data.revision.ts';
import { copyInto, copyLine, type CopyValue } from './copy.text.ts';

/** How a table of files becomes a table of the database. */
export interface ImportTarget<Row> {
  readonly domain: string;
  /** The table of files. */
  readonly table: string;
  /** Columns of the staging table, with their types. */
  readonly staging: Readonly<Record<string, string>>;
  readonly values: (row: Row) => readonly CopyValue[];
  /** The real table and its columns, `schema.table (a, b)`. What is there stays there: a correction is a further row. */
  readonly into: string;
  /** Selects those rows of the temporary table `staging` that change what is there, as rows of the revision `$1`. */
  readonly changes: string;
}

/** How an import is done. */
export interface TableImportOptions {
  /** What else decides what the file's rows become, such as its column mapping. */
  readonly salt: string;
  readonly lockWaitMs: number;
  /** Compares and writes nothing: `changed` is what an import would change. */
  readonly dryRun: boolean;
}

/**
 * The writing half of an import: one transaction a chunk (COPY into staging, merge, progress, data revision), so that a
 * chunk is there wholly or not at all, and an import that was interrupted goes on after its last chunk.
 */
export class TableImport<Row> {
  #changed = 0;
  #pieces: Buffer[] = [];
  #writing: Promise<void> = Promise.resolve();
  #failed: unknown = null;

  private constructor(
    private readonly client: pg.PoolClient,
    private readonly target: ImportTarget<Row>,
    private readonly digest: string,
    /** Records at the file's beginning that an interrupted import of the same file has done. */
    readonly done: number,
    private readonly dryRun: boolean,
  ) {}

  /**
   * Takes the table's import lock and looks how far an interrupted import of this very content came. A dry run needs
   * neither: it compares all rows with what is there.
   * @throws IMPORT_RUNNING
   */
  static async begin<Row>(
    database: Database,
    target: ImportTarget<Row>,
    file: string,
    { salt, lockWaitMs, dryRun }: TableImportOptions,
  ): Promise<TableImport<Row>> {
    const { digest } = await digestOfFile(file);
    const key = `${digest} ${salt}`;
    const client = await lease(database);
    try {
      const done = dryRun ? 0 : await lockAndResume(client, target, key, lockWaitMs);
      await client.query('drop table if exists pg_temp.staging');
      const columns = Object.entries(target.staging).map(([name, type]) => `"${name}" ${type}`);
      await client.query(`create temporary table staging (${columns.join(', ')}) on commit delete rows`);
      return new TableImport(client, target, key, done, dryRun);
    } catch (error) {
      client.release(true);
      throw error;
    }
  }

  /** Rows that the merges added or changed so far; in a dry run, that they would. */
  get changed(): number {
    return this.#changed;
  }

  /**
   * Writes what was added as a chunk while the caller prepares the next one; `records` counts the file's records up to its
   * end, refused ones included. A chunk that failed is told by the next call.
   */
  async write(records: number): Promise<void> {
    const pieces = this.#pieces;
    this.#pieces = [];
    await this.#settled();
    this.#writing = this.#transaction(pieces, records, false).catch((error) => void (this.#failed = error));
  }

  /** Adds rows to the chunk; as text at once, so that the rows themselves need not be kept. */
  add(rows: readonly Row[]): void {
    if (rows.length === 0) return;
    let text = '';
    for (const row of rows) text += copyLine(this.target.values(row));
    this.#pieces.push(Buffer.from(text));
  }

  /** Waits for the last chunk and notes that the file is done. */
  async finish(records: number): Promise<void> {
    await this.#settled();
    await this.#transaction([], records, true);
  }

  /** Gives lock and connection back; after a failure the connection is dropped, and with it what was not committed. */
  async close(failed: boolean): Promise<void> {
    await this.#writing;
    if (!failed) {
      await this.client.query('drop table pg_temp.staging');
      if (!this.dryRun) {
        await this.client.query('select pg_advisory_unlock(hashtextextended($1, 0))', [lockOf(this.target)]);
        await this.client.query('reset lock_timeout');
      }
    }
    this.client.release(failed);
  }

  async #settled(): Promise<void> {
    await this.#writing;
    if (this.#failed !== null) throw this.#failed;
  }

  async #transaction(pieces: readonly Buffer[], records: number, finished: boolean): Promise<void> {
    const { client, target } = this;
    if (this.dryRun) return this.#comparison(pieces);
    await client.query('begin');
    if (pieces.length > 0) {
      await copyInto(client, 'pg_temp.staging', Object.keys(target.staging), pieces);
      const revision = await openDataRevision(client, target.domain);
      const { rowCount } = await client.query(`insert into ${target.into} ${target.changes}`, [revision]);
      if ((rowCount ?? 0) > 0) await raiseDataRevision(client, target.domain, revision);
      this.#changed += rowCount ?? 0;
    }
    await client.query(
      `insert into platform.import_progress (domain, table_name, digest, records, finished) values ($1, $2, $3, $4, $5)
       on conflict (domain, table_name) do update
         set digest = excluded.digest, records = excluded.records, finished = excluded.finished, changed_at = now()`,
      [target.domain, target.table, this.digest, records, finished],
    );
    await client.query('commit');
  }

  /** Counts what a chunk would change; only the temporary table is written, and emptied again. */
  async #comparison(pieces: readonly Buffer[]): Promise<void> {
    if (pieces.length === 0) return;
    const { client, target } = this;
    await client.query('begin');
    await copyInto(client, 'pg_temp.staging', Object.keys(target.staging), pieces);
    const { rows } = await client.query<{ changed: string }>(
      `select count(*) as changed from (${target.changes}) change`,
      [0],
    );
    await client.query('rollback');
    this.#changed += Number(rows[0]!.changed);
  }
}

/** Takes the import lock of a table; answers the records that an interrupted import of the same content has done. */
async function lockAndResume(
  client: pg.PoolClient,
  target: Pick<ImportTarget<unknown>, 'domain' | 'table'>,
  key: string,
  lockWaitMs: number,
): Promise<number> {
  await client.query(`set lock_timeout = ${lockWaitMs}`);
  await client.query('select pg_advisory_lock(hashtextextended($1, 0))', [lockOf(target)]).catch((cause) => {
    throw dataAccessError(
      'IMPORT_RUNNING',
      `Another import writes ${target.domain}.${target.table}. Try again when it is done.`,
      { table: target.table },
      cause,
    );
  });
  const { rows } = await client.query<{ records: string }>(
    `select records from platform.import_progress where domain = $1 and table_name = $2 and digest = $3 and not finished`,
    [target.domain, target.table, key],
  );
  return Number(rows[0]?.records ?? 0);
}

const lockOf = ({ domain, table }: Pick<ImportTarget<unknown>, 'domain' | 'table'>) => `haat_import/${domain}/${table}`;
