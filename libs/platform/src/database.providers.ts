import { aliasSource, connectDatabase, type Database, type DatabaseOptions } from '@haat/data-access';
import type { Provider } from '@nestjs/common';
import type { z } from 'zod';
import type { databaseVariables } from './config.ts';

/** Injection token of an app's database, as the role of the app. */
export const DATABASE = Symbol('database');

/** Injection token of the aliases that a domain app's models follow. */
export const ALIASES = Symbol('aliases');

/** What an app reads of its environment by `databaseVariables`. */
type DatabaseConfig = { readonly [Name in keyof typeof databaseVariables]: z.output<(typeof databaseVariables)[Name]> };

/** The database of an app, and what the server's list of connections calls it. */
export function databaseProvider(
  { DATABASE_URL: url, DATABASE_POOL: poolSize, DATABASE_SILENCE_MS: silenceMs }: DatabaseConfig,
  options: Required<Pick<DatabaseOptions, 'name'>> & Pick<DatabaseOptions, 'entities'>,
): Provider {
  return { provide: DATABASE, useFactory: () => connectDatabase({ url, poolSize, silenceMs, ...options }) };
}

/** The aliases that models follow, told by the app's database. */
export const aliasProvider: Provider = {
  provide: ALIASES,
  inject: [DATABASE],
  useFactory: (database: Database) => aliasSource(database),
};

/** What is made of the app's database alone. */
export function overDatabase<T>(provide: new (database: Database) => T): Provider {
  return { provide, inject: [DATABASE], useFactory: (database: Database) => new provide(database) };
}
