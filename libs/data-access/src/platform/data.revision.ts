import type pg from 'pg';

import type { ModelRef } from '@haat/kit';

import type { Database } from '../database/database.connection.ts';

/** How often a domain's facts have changed: a number that grows with every change, 0 before the first. */
export async function dataRevision(database: Database, domain: string): Promise<number> {
  const { rows } = await database.pool.query<{ revision: string }>(
    'select revision from platform.data_revision where domain = $1',
    [domain],
  );
  return Number(rows[0]?.revision ?? 0);
}

/** Says, in the transaction of the change, that a domain's facts changed. */
export async function bumpDataRevision(client: pg.ClientBase, domain: string): Promise<void> {
  await client.query(
    `insert into platform.data_revision (domain, revision) values ($1, 1)
     on conflict (domain) do update set revision = data_revision.revision + 1, changed_at = now()`,
    [domain],
  );
}

/**
 * What names the state of all that a domain's rows are computed from: revisions of its facts and of what else it counts
 * (`<domain>/plan`), and its champion. Equal names mean that computing again would change nothing.
 */
export async function backfillRevision(
  database: Database,
  domain: string,
  champion: Pick<ModelRef, 'digest'> | null,
): Promise<string> {
  const { rows } = await database.pool.query<{ domain: string; revision: string }>(
    `select domain, revision from platform.data_revision where split_part(domain, '/', 1) = $1 order by domain`,
    [domain],
  );
  return [...rows.map((row) => `${row.domain}:${row.revision}`), champion?.digest ?? 'none'].join(' ');
}
