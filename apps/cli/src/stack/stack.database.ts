import { HAAT } from '@haat/kit';
import { databaseRoles, migrate, platformMigrations, prepareDatabase, roleUrl } from '@haat/data-access';
import { readSecrets, readState, secretsFor, type Home } from '@haat/dev-stack';
import { packagingMigrations } from '@haat/packaging/store';

import { homeOf, type CliContext, type CommonOptions } from '../cli.context.ts';
import { cliError } from '../cli.errors.ts';

const roles = databaseRoles(['packaging']);

/** The database `haat` as each role that an app or a command needs. */
export interface DatabaseUrls {
  readonly platform: string;
  readonly packaging: string;
  readonly packagingTask: string;
}

/**
 * Makes the roles and the database where they are missing and runs the migrations that it lacks.
 * Returns the names of these.
 */
export async function updateDatabase(home: Home, adminUrl: string): Promise<readonly string[]> {
  const urls = await prepareDatabase(adminUrl, secretsFor(home, roles));
  return migrate(urls['haat_owner'], [platformMigrations, packagingMigrations]);
}

/**
 * The addresses of a stack's database, with the passwords that its state folder keeps: on the server of `serverUrl` where
 * there is one (DATABASE_URL), else on the embedded one at `port`.
 */
export function databaseUrls(home: Home, port: number, serverUrl = ''): DatabaseUrls {
  const secrets = readSecrets(home);
  const server = serverUrl || `postgres://127.0.0.1:${port}/`;
  const url = (role: string) => roleUrl(server, role, secrets[role] ?? '');
  return {
    platform: url('haat_platform'),
    packaging: url('haat_packaging'),
    packagingTask: url('haat_packaging_task'),
  };
}

/**
 * The database of packaging's facts, as the role that may change them: that of the stack that runs on the state folder, else
 * DATABASE_URL as it is.
 * @throws NO_DATABASE
 */
export function packagingDatabaseUrl(context: CliContext, options: CommonOptions): string {
  const serverUrl = context.env.DATABASE_URL;
  const home = homeOf(context, options);
  const state = readState(home);
  if (state !== null) return databaseUrls(home, state.ports.postgres, serverUrl).packagingTask;
  if (serverUrl) return serverUrl;
  throw cliError(
    'NO_DATABASE',
    `No stack runs on ${home.root}, and DATABASE_URL is not set. Start one with: ${HAAT} up, or name its state folder with --home`,
    { home: home.root },
  );
}
