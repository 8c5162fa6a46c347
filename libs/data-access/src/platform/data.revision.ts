import type pg from 'pg';

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
