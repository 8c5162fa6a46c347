import type pg from 'pg';

import { lease, type Database } from './database.connection.ts';

/**
 * Runs `work` in one transaction on a connection of its own. What `work` throws rolls it back, and the connection is dropped:
 * nobody can say what state a failed one is in.
 */
export async function inTransaction<T>(database: Database, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await lease(database);
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    client.release();
    return result;
  } catch (failure) {
    client.release(true);
    throw failure;
  }
}
