import { domains, HAAT, ofDomains, type Domain } from '@haat/kit';
import {
  databaseRoles,
  migrate,
  platformMigrations,
  prepareDatabase,
  roleUrl,
  type MigrationSet,
} from '@haat/data-access';
import { readSecrets, readState, secretsFor, type Home } from '@haat/dev-stack';

import { homeOf, type CliContext, type CommonOptions } from '../cli.context.ts';
import { cliError } from '../cli.errors.ts';
import { domainTools } from '../domains/domain.table.ts';

const roles = databaseRoles(domains);

/** The database `haat` as each role that an app or a command needs. */
export interface DatabaseUrls {
  readonly platform: string;
  /** As each domain's app. */
  readonly apps: Readonly<Record<Domain, string>>;
  /** As each domain's tasks. */
  readonly tasks: Readonly<Record<Domain, string>>;
}

/** The migrations of the platform and of all domains. */
export async function allMigrations(): Promise<readonly MigrationSet[]> {
  return [platformMigrations, ...(await Promise.all(domains.map((domain) => domainTools[domain].migrations())))];
}

/**
 * Makes the roles and the database where they are missing and runs the migrations that it lacks.
 * Returns the names of these.
 */
export async function updateDatabase(home: Home, adminUrl: string): Promise<readonly string[]> {
  const urls = await prepareDatabase(adminUrl, secretsFor(home, roles));
  return migrate(urls['haat_owner'], await allMigrations());
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
    apps: ofDomains((domain) => url(`haat_${domain}`)),
    tasks: ofDomains((domain) => url(`haat_${domain}_task`)),
  };
}

/**
 * The database of a domain's facts, as the role that may change them: that of the stack that runs on the state folder, else
 * DATABASE_URL as it is.
 * @throws NO_DATABASE
 */
export function domainDatabaseUrl(domain: Domain, context: CliContext, options: CommonOptions): string {
  const serverUrl = context.env.DATABASE_URL;
  const home = homeOf(context, options);
  const state = readState(home);
  if (state !== null) return databaseUrls(home, state.ports.postgres, serverUrl).tasks[domain];
  if (serverUrl) return serverUrl;
  throw cliError(
    'NO_DATABASE',
    `No stack runs on ${home.root}, and DATABASE_URL is not set. Start one with: ${HAAT} up, or name its state folder with --home`,
    { home: home.root },
  );
}
