import type pg from 'pg';

import { lease, type Database } from '../database/database.connection.ts';

/** How often a domain's facts have changed: a number that grows with every change, 0 before the first. */
export async function dataRevision({ pool }: Pick<Database, 'pool'>, domain: string): Promise<number> {
  const { rows } = await pool.query<{ revision: string }>(
    'select revision from platform.data_revision where domain = $1',
    [domain],
  );
  return Number(rows[0]?.revision ?? 0);
}

/**
 * Opens the next revision of a domain's data in the transaction that is about to change it, and answers the number that every
 * row of the change carries. Its row stays locked until the transaction ends: revisions of one domain are committed in their
 * order, so that whoever reads revision r sees every row up to r, and will see no other one up to r later.
 */
export async function openDataRevision(client: pg.ClientBase, domain: string): Promise<number> {
  const { rows } = await client.query<{ revision: string }>(
    `insert into platform.data_revision (domain, revision) values ($1, 0)
     on conflict (domain) do update set revision = data_revision.revision returning revision`,
    [domain],
  );
  return Number(rows[0]!.revision) + 1;
}

/** Makes an opened revision the current one; a transaction that changed nothing leaves it out. */
export async function raiseDataRevision(client: pg.ClientBase, domain: string, revision: number): Promise<void> {
  await client.query('update platform.data_revision set revision = $2, changed_at = now() where domain = $1', [
    domain,
    revision,
  ]);
}

/** Changes a domain's data in one transaction, as its next revision: all of it, or nothing where `change` throws. */
export async function changeData<T>(
  database: Database,
  domain: string,
  change: (client: pg.ClientBase, revision: number) => Promise<T>,
): Promise<T> {
  const client = await lease(database);
  let failed = true;
  try {
    await client.query('begin');
    const revision = await openDataRevision(client, domain);
    const done = await change(client, revision);
    await raiseDataRevision(client, domain, revision);
    await client.query('commit');
    failed = false;
    return done;
  } finally {
    // Closing the connection of a failed change rolls it back.
    client.release(failed);
  }
}

/**
 * What names the state of all that a model's rows are computed from and of what was last done to them: the revision of its
 * domain's data, its champion and since when it is that, and the undos so far. Equal names mean that computing again would change
 * nothing.
 */
export async function backfillRevision(
  { pool }: Pick<Database, 'pool'>,
  domain: string,
  model: string,
): Promise<string> {
  const { rows } = await pool.query<{ name: string }>(
    `select concat_ws(' ',
       coalesce((select revision from platform.data_revision where domain = $1), 0),
       coalesce((select version || '@' || extract(epoch from changed_at) from platform.model_alias where model = $2 and alias = 'champion'), 'none'),
       (select count(*) from platform.run where model = $2 and kind = 'undo')) as name`,
    [domain, model],
  );
  return rows[0]!.name;
}
