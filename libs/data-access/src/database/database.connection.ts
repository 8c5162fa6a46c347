import pg from 'pg';
import { DataSource, type EntityTarget, type ObjectLiteral } from 'typeorm';

import { dataAccessError } from '../data-access.errors.ts';
import { platformEntities } from '../platform/platform.entities.ts';

export interface DatabaseOptions {
  /** `postgres://role:password@host:port/haat` */
  readonly url: string;
  /** Entities of the domain; those of the platform's tables are known already. */
  readonly entities?: readonly EntityTarget<ObjectLiteral>[];
  /** Connections at the most. */
  readonly poolSize?: number;
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
export async function connectDatabase({ url, entities = [], poolSize = 10, name }: DatabaseOptions): Promise<Database> {
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
