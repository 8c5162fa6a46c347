import { databaseRoles, migrate, platformMigrations, prepareDatabase, roleUrl } from '@haat/data-access';
import { readSecrets, secretsFor, type Home } from '@haat/dev-stack';
import { packagingMigrations } from '@haat/packaging/store';

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

/** The addresses of a stack's database on `port`, with the passwords that its state folder keeps. */
export function databaseUrls(home: Home, port: number): DatabaseUrls {
  const secrets = readSecrets(home);
  const url = (role: string) => roleUrl(`postgres://127.0.0.1:${port}/`, role, secrets[role] ?? '');
  return {
    platform: url('haat_platform'),
    packaging: url('haat_packaging'),
    packagingTask: url('haat_packaging_task'),
  };
}
