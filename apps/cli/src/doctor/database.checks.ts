import { HAAT } from '@haat/kit';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { connectionError, contentStore, GONE_AFTER_MS, pendingMigrations } from '@haat/data-access';
import { embeddedFacts } from '@haat/data-access/embedded';
import type { Home } from '@haat/dev-stack';
import pg from 'pg';

import { allMigrations } from '../stack/stack.database.ts';
import { fail, ok, warn, type Finding } from './finding.ts';

/** Clocks that differ by more than this make answers as of a moment wrong, ms. */
export const SKEW_MS = 1_000;

/** The embedded server's programs, user and data, whether it runs or not. */
export async function embeddedChecks(home: Home): Promise<readonly Finding[]> {
  const { program, user, dataDirectory } = embeddedFacts(home.postgres);
  const version = join(dataDirectory, 'PG_VERSION');
  return [
    ok('PostgreSQL programs', `${program}, run as ${user}`),
    existsSync(version)
      ? ok('PostgreSQL data', `${dataDirectory}, version ${readFileSync(version, 'utf8').trim()}`)
      : ok('PostgreSQL data', 'none made yet'),
  ];
}

/** A client reads the certificates that its address names when it is made. */
async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'haat-doctor',
    connectionTimeoutMillis: 5_000,
  });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** A database that should serve: `url` is that of a role that may read its catalogues, on the database `haat`. */
export async function databaseChecks(url: string, artifactsUrl: string): Promise<readonly Finding[]> {
  const client = await connected(url).catch((cause: unknown) => connectionError(url, cause) as Error);
  if (client instanceof Error) return [fail('PostgreSQL', client.message, 'Start it, or check DATABASE_URL')];
  try {
    return [
      await serverCheck(client),
      await clockCheck(client),
      await connectionsCheck(client),
      await migrationsCheck(client),
      ...(await artifactChecks(client, artifactsUrl)),
      ...(await servingChecks(client)),
    ];
  } finally {
    await client.end();
  }
}

async function serverCheck(client: pg.Client): Promise<Finding> {
  const { rows } = await client.query<{ version: string; size: string; since: string }>(
    `select current_setting('server_version') as version, pg_size_pretty(pg_database_size(current_database())) as size,
            pg_postmaster_start_time()::timestamptz(0)::text as since`,
  );
  const { version, size, since } = rows[0]!;
  return ok('PostgreSQL', `${version}, ${size}, up since ${since}`);
}

async function clockCheck(client: pg.Client): Promise<Finding> {
  const before = Date.now();
  const { rows } = await client.query<{ now: Date }>('select clock_timestamp() as now');
  const after = Date.now();
  const skew = Math.round(rows[0]!.now.getTime() - (before + after) / 2);
  const found = `the database's is ${Math.abs(skew)} ms ${skew < 0 ? 'behind' : 'ahead of'} ours`;
  return Math.abs(skew) <= SKEW_MS + (after - before) / 2
    ? ok('clocks', found)
    : fail('clocks', found, 'Set both by NTP: answers as of a moment depend on it');
}

async function connectionsCheck(client: pg.Client): Promise<Finding> {
  const { rows } = await client.query<{ used: number; most: number; waiting: number }>(
    `select (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as used,
            current_setting('max_connections')::int as most,
            (select count(*)::int from pg_stat_activity where wait_event_type = 'Lock') as waiting`,
  );
  const { used, most, waiting } = rows[0]!;
  const found = `${used} of ${most} used, ${waiting} wait for a lock`;
  if (used > most * 0.9)
    return fail('connections', found, 'Lower DATABASE_POOL or the number of replicas, or raise max_connections');
  return used > most * 0.7 || waiting > 10
    ? warn('connections', found, 'See the connection budget in docs/scaling.md')
    : ok('connections', found);
}

async function migrationsCheck(client: pg.Client): Promise<Finding> {
  const pending = await pendingMigrations(client, await allMigrations());
  return pending.length === 0
    ? ok('migrations', 'all run')
    : fail(
        'migrations',
        `${pending.length} pending: ${pending.join(', ')}`,
        `Run them with: ${HAAT} up, or ${HAAT} migrate`,
      );
}

/** Reads the artifact of every champion, checked against its digest. */
async function artifactChecks(client: pg.Client, artifactsUrl: string): Promise<readonly Finding[]> {
  const { rows } = await client
    .query<{ model: string; version: number; digest: string }>(
      `select model, version, digest from platform.model_alias join platform.model_version using (model, version)
       where alias = 'champion' order by model`,
    )
    .catch(() => ({ rows: [] }));
  if (rows.length === 0)
    return [warn('champion', 'no version is promoted', `Train one: ${HAAT} train packaging/damage`)];
  const store = contentStore(artifactsUrl);
  return Promise.all(
    rows.map(({ model, version, digest }) =>
      store.get(digest).then(
        (artifact) =>
          ok('champion', `${model}@${version}, ${artifact.length} bytes, digest ${digest.slice(0, 12)} holds`),
        (failure: Error) =>
          fail(
            'champion',
            `${model}@${version}: ${failure.message}`,
            'Put the artifact back from a backup, or promote another version',
          ),
      ),
    ),
  );
}

/** Apps that run and do not answer with the champion. */
async function servingChecks(client: pg.Client): Promise<readonly Finding[]> {
  const { rows } = await client
    .query<{ model: string; champion: number; version: number | null; why: string | null; apps: number }>(
      `select s.model, a.version as champion, s.version, s.refused_code || ': ' || s.refused_reason as why, count(*)::int as apps
       from platform.served_alias s join platform.model_alias a using (model, alias)
       where alias = 'champion' and s.version is distinct from a.version and s.seen_at > clock_timestamp() - $1::int * interval '1 ms'
       group by 1, 2, 3, 4 order by 1, 3, 4`,
      [GONE_AFTER_MS],
    )
    .catch(() => ({ rows: [] }));
  return rows.map(({ model, champion, version, why, apps }) =>
    fail(
      'champion served',
      `${apps} running app(s) answer with ${version === null ? 'nothing' : `${model}@${version}`}, not with ${model}@${champion}${why === null ? '' : `: ${why}`}`,
      'Put the artifact back from a backup, or promote another version',
    ),
  );
}
