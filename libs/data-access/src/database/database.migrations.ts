import type pg from 'pg';
import { DataSource, type MigrationInterface } from 'typeorm';

import { connectionError } from './connection.failure.ts';

/** Migrations of one schema. Names end in a 13-digit time stamp, which orders them over all sets. */
export type MigrationSet = readonly (new () => MigrationInterface)[];

/** Held while migrations run, so that two starts do not migrate at once. */
const MIGRATION_LOCK = 4_210_517_001;

/** Where it is noted which migrations have run. */
const MIGRATIONS_TABLE = 'haat_migration';

/** Names of the migrations that the database of a connection lacks, in the order in which they would run. */
export async function pendingMigrations(
  client: Pick<pg.Client, 'query'>,
  sets: readonly MigrationSet[],
): Promise<string[]> {
  const { rows: known } = await client.query<{ there: boolean }>('select to_regclass($1) is not null as there', [
    MIGRATIONS_TABLE,
  ]);
  const { rows } = known[0]?.there
    ? await client.query<{ name: string }>(`select name from ${MIGRATIONS_TABLE}`)
    : { rows: [] };
  const run = new Set(rows.map(({ name }) => name));
  return sets
    .flat()
    .map((migration) => new migration().name ?? migration.name)
    .filter((name) => !run.has(name))
    .sort((a, b) => a.slice(-13).localeCompare(b.slice(-13)));
}

/**
 * Runs the migrations of all sets that the database lacks, each in its own transaction, and answers their names.
 * Safe to call by several processes at once. @throws DATABASE_UNREACHABLE, DATABASE_REFUSED
 */
export async function migrate(ownerUrl: string, sets: readonly MigrationSet[]): Promise<string[]> {
  const source = new DataSource({
    type: 'postgres',
    url: ownerUrl,
    migrations: sets.flat(),
    migrationsTableName: MIGRATIONS_TABLE,
    applicationName: 'haat-migrate',
    poolSize: 2,
  });
  try {
    await source.initialize();
  } catch (cause) {
    throw connectionError(ownerUrl, cause);
  }
  const lock = source.createQueryRunner();
  try {
    await lock.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    return (await source.runMigrations({ transaction: 'each' })).map(({ name }) => name);
  } finally {
    await lock.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    await lock.release();
    await source.destroy();
  }
}
