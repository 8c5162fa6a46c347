import pg from 'pg';

import { connectionError } from './connection.failure.ts';

/** Roles of a database with these domains: the owner, the platform app, and for each domain its app and its task. */
export function databaseRoles(domains: readonly string[]): string[] {
  return ['haat_owner', 'haat_platform', ...domains.flatMap((domain) => [`haat_${domain}`, `haat_${domain}_task`])];
}

export const DATABASE_NAME = 'haat';

/**
 * Makes the roles and the database `haat` where they are missing, sets the roles' passwords, and answers each role's address.
 * `adminUrl` is that of a role that may create both. Roles have no rights but those that migrations grant.
 * @throws DATABASE_UNREACHABLE, DATABASE_REFUSED, DATABASE_TLS_REFUSED
 */
export async function prepareDatabase(
  adminUrl: string,
  passwords: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, string>>> {
  const admin = await connected(adminUrl);
  try {
    for (const [role, password] of Object.entries(passwords)) {
      const { rowCount } = await admin.query('select from pg_roles where rolname = $1', [role]);
      const verb = rowCount === 0 ? 'create' : 'alter';
      await admin.query(
        `${verb} role ${admin.escapeIdentifier(role)} with login nosuperuser password ${admin.escapeLiteral(password)}`,
      );
    }
    const { rowCount } = await admin.query('select from pg_database where datname = $1', [DATABASE_NAME]);
    if (rowCount === 0) {
      await admin.query('grant haat_owner to current_user');
      await admin.query(`create database ${DATABASE_NAME} owner haat_owner encoding 'UTF8' template template0`);
    }
  } finally {
    await admin.end();
  }
  return Object.fromEntries(
    Object.entries(passwords).map(([role, password]) => [role, roleUrl(adminUrl, role, password)]),
  );
}

/** A client reads the files that its address names when it is made. */
async function connected(url: string): Promise<pg.Client> {
  try {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    return client;
  } catch (cause) {
    throw connectionError(url, cause);
  }
}

/** The address of the database `haat` for a role, on the server of `serverUrl`. */
export function roleUrl(serverUrl: string, role: string, password: string): string {
  const url = new URL(serverUrl);
  url.username = encodeURIComponent(role);
  url.password = encodeURIComponent(password);
  url.pathname = `/${DATABASE_NAME}`;
  return url.href;
}
