import type { Socket } from 'node:net';

import pg from 'pg';
import { DataSource, type EntityTarget, type ObjectLiteral } from 'typeorm';

import { dataAccessError } from '../data-access.errors.ts';
import { tlsRemedy } from './tls.refusal.ts';
import { platformEntities } from '../platform/platform.entities.ts';

export interface DatabaseOptions {
  /** `postgres://role:password@host:port/haat` */
  readonly url: string;
  /** Entities of the domain; those of the platform's tables are known already. */
  readonly entities?: readonly EntityTarget<ObjectLiteral>[];
  /** Connections at the most. */
  readonly poolSize?: number;
  /**
   * How long a connection may be silent while it is used, ms; then it is given up, and with it what was asked of it. For whom
   * answers at once: a long statement is silent too. Absent: for ever.
   */
  readonly silenceMs?: number;
  /** What the server's list of connections calls us. */
  readonly name?: string;
}

/** An open database: TypeORM for everyday queries, the pool beneath it for bulk. */
export interface Database {
  readonly url: string;
  readonly source: DataSource;
  readonly pool: pg.Pool;
  close(): Promise<void>;
}

/** @throws DATABASE_UNREACHABLE, DATABASE_REFUSED */
export async function connectDatabase(options: DatabaseOptions): Promise<Database> {
  const { url, entities = [], poolSize = 10, silenceMs, name } = options;
  const source = new DataSource({
    type: 'postgres',
    url,
    entities: [...platformEntities, ...entities] as DataSource['options']['entities'],
    poolSize,
    applicationName: name ?? 'haat',
    extra: { connectionTimeoutMillis: 5_000 },
  });
  try {
    await source.initialize();
  } catch (cause) {
    throw connectionError(url, cause);
  }
  const { master: pool } = source.driver as unknown as { master: pg.Pool };
  if (silenceMs !== undefined) giveUpSilent(pool, silenceMs);
  return { url, source, pool, close: () => source.destroy() };
}

/**
 * A connection of the pool for oneself; give it back with `release()`, or with `release(true)` after a failure. When it
 * breaks, its queries fail and that is all: a bare `pool.connect()` ends the process, for nobody listens to its error.
 */
export async function lease({ pool }: Database): Promise<pg.PoolClient> {
  const client = await pool.connect();
  if (client.listenerCount('error') === 0) client.on('error', () => undefined);
  return client;
}

/** Runs `work` in one transaction on a connection of its own; what it throws undoes all of it. */
export async function inTransaction<T>(database: Database, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await lease(database);
  try {
    await client.query('begin');
    const done = await work(client);
    await client.query('commit');
    client.release();
    return done;
  } catch (failure) {
    const undone = await client.query('rollback').catch(() => null);
    client.release(undone === null);
    throw failure;
  }
}

/** Breaks a connection on which nothing comes while it is used: a half-open one would keep its queries waiting for ever. */
function giveUpSilent(pool: pg.Pool, milliseconds: number): void {
  const streamOf = (client: pg.PoolClient) =>
    (client as unknown as { connection: { stream: Socket } }).connection.stream;
  const silent = function (this: Socket) {
    this.destroy(new Error('Connection terminated: nothing came'));
  };
  pool.on('acquire', (client) => void streamOf(client).setTimeout(milliseconds).once('timeout', silent));
  pool.on('release', (_, client) => void streamOf(client).setTimeout(0).off('timeout', silent));
}

/** An error of connecting as ours, without the password; anything else as it is. */
export function connectionError(url: string, cause: unknown): unknown {
  const { code = '', message = '' } = cause as { code?: string; message?: string };
  const { hostname, port, pathname, username } = new URL(url);
  const place = `${hostname}:${port || '5432'}${pathname}`;
  if (/^(28|3D)/.test(code)) {
    return dataAccessError(
      'DATABASE_REFUSED',
      `The database ${place} does not let the role ${decodeURIComponent(username)} in (${message}). Check DATABASE_URL.`,
      { place, role: username },
    );
  }
  const remedy = tlsRemedy(cause);
  if (remedy !== null) {
    return dataAccessError(
      'DATABASE_TLS_REFUSED',
      `No connection to the database ${place} that could be trusted: ${remedy}`,
      { place },
      cause,
    );
  }
  if (/^(ECONN|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ETIMEDOUT|57P0)/.test(code) || /timeout|terminated/.test(message)) {
    return dataAccessError(
      'DATABASE_UNREACHABLE',
      `Nothing answers at the database ${place} (${code || message}). Start it, or check DATABASE_URL.`,
      { place },
      cause,
    );
  }
  return cause;
}

/** Whether a statement failed because the server was away, is going, or is coming: another attempt may do. */
export function isConnectionLoss(thrown: unknown): boolean {
  const { code = '', message = '' } = (thrown ?? {}) as { code?: string; message?: string };
  return (
    /^(08|57P0|53[0-3]|ECONN|EPIPE|EHOSTUNREACH|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)/.test(code) ||
    /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying)/.test(message)
  );
}
