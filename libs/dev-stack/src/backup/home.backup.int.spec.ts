import { randomBytes } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { contentStore } from '@haat/data-access';
import { startEmbeddedPostgres, type EmbeddedServer } from '@haat/data-access/embedded';
import pg from 'pg';

import { homeAt, prepareHome, type Home } from '../home.layout.ts';
import { withScratchHome } from '../scratch.home.ts';
import { readSecrets, secretsFor } from '../stack.secrets.ts';
import { freePort } from '../free.port.ts';
import { backupHome } from './home.backup.ts';
import { finishRestore, restoreHome } from './home.restore.ts';

const start = async (home: Home): Promise<EmbeddedServer> =>
  startEmbeddedPostgres({
    directory: home.postgres,
    port: await freePort(),
    password: secretsFor(home, ['postgres'])['postgres']!,
    log: () => undefined,
    settings: { shared_buffers: '32MB', max_wal_size: '64MB', checkpoint_timeout: '30s' },
  });

async function query<Row extends object>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Writes rows, each with its digest, until it is told to end; every transaction writes to both tables. */
function writeLoad(url: string): () => Promise<number> {
  let going = true;
  let written = 0;
  const all = (async () => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    while (going) {
      written += 1;
      const text = randomBytes(200).toString('hex');
      await client.query('begin');
      await client.query(`insert into fact values ($1::int, $2::text, md5($2::text))`, [written, text]);
      await client.query(`insert into mirror select id, md5 from fact where id = $1`, [written]);
      await client.query('commit');
    }
    await client.end();
  })();
  return async () => {
    going = false;
    await all;
    return written;
  };
}

/** A home with a database, a history, an artifact and secrets, backed up under write load. */
async function withBackup(
  work: (home: Home, out: string, digest: string, committed: number) => Promise<void>,
): Promise<void> {
  await withScratchHome(async (root) => {
    const home = homeAt(join(root.root, 'home'));
    await prepareHome(home, 0);
    const { digest } = await contentStore(home.artifacts).put(randomBytes(10_000));
    const history = new DatabaseSync(home.temporalDb);
    history.exec(`pragma journal_mode = wal; create table run (id integer); insert into run values (1), (2), (3)`);
    const server = await start(home);
    const out = join(root.root, 'backup');
    let before = 0;
    try {
      await query(
        server.url,
        'create table fact (id int primary key, text text, md5 text); create table mirror (id int primary key, md5 text)',
      );
      const end = writeLoad(server.url);
      while ((await query(server.url, 'select 1 from fact limit 1')).length === 0);
      [{ n: before }] = (await query<{ n: number }>(server.url, 'select count(*)::int n from fact')) as [{ n: number }];
      await backupHome(home, { out, adminUrl: server.url, artifacts: true, codeRevision: null });
      expect(await end()).toBeGreaterThan(before);
      expect(await query(server.url, 'select * from pg_replication_slots')).toEqual([]);
    } finally {
      await server.stop();
      history.close();
    }
    await work(home, out, digest, before);
  });
}

describe('a backup', () => {
  it(
    'made under write load restores elsewhere to one moment: whole transactions, history, artifacts, secrets',
    () =>
      withBackup(async (home, out, digest, committed) => {
        expect(statSync(out).mode & 0o777).toBe(0o700);
        expect(statSync(join(out, 'secrets.json')).mode & 0o777).toBe(0o600);
        const other = homeAt(`${home.root}-other`);
        await prepareHome(other, 0);
        await restoreHome(other, { from: out, replace: false });
        expect(readSecrets(other)).toEqual(readSecrets(home));
        const server = await start(other);
        try {
          const [{ rows, broken, unpaired }] = (await query<{ rows: number; broken: number; unpaired: number }>(
            server.url,
            `select count(*)::int as rows, (count(*) filter (where md5(text) <> fact.md5))::int as broken,
                  (count(*) filter (where mirror.id is null))::int as unpaired
           from fact full join mirror using (id)`,
          )) as [{ rows: number; broken: number; unpaired: number }];
          expect({ broken, unpaired }).toEqual({ broken: 0, unpaired: 0 });
          expect(rows).toBeGreaterThanOrEqual(committed);
          expect(await query(server.url, 'select max(id)::int as max from mirror')).toEqual([{ max: rows }]);
        } finally {
          await server.stop();
        }
        expect(Buffer.from(await contentStore(other.artifacts).get(digest)).length).toBe(10_000);
        const history = new DatabaseSync(other.temporalDb, { readOnly: true });
        expect(history.prepare('select count(*) as n from run').get()).toEqual({ n: 3 });
        history.close();
      }),
    120_000,
  );

  it(
    'that is damaged anywhere is refused, and nothing is changed',
    () =>
      withBackup(async (home, out) => {
        const other = homeAt(`${home.root}-other`);
        await prepareHome(other, 0);
        const files = (await readdir(out, { recursive: true })).filter((path) => statSync(join(out, path)).size > 0);
        const kinds = [
          /^manifest\.json$/,
          /^manifest\.sha256$/,
          /^secrets\.json$/,
          /^temporal\.db$/,
          /^artifacts\/..\/.*/,
          /pg_wal\/0/,
          /backup_label/,
          /pg_control/,
          /base\/.*\/\d+$/,
        ];
        for (const kind of kinds) {
          const file = join(
            out,
            files.find((path) => kind.test(path) && statSync(join(out, path)).isFile())!,
          );
          const good = readFileSync(file);
          const bad = Buffer.from(good);
          bad[bad.length >> 1] ^= 1;
          for (const spoil of [
            () => writeFileSync(file, bad),
            () => truncateSync(file, good.length - 1),
            () => rm(file),
          ]) {
            await spoil();
            await expect(restoreHome(other, { from: out, replace: true })).rejects.toMatchObject({
              code: 'BACKUP_UNUSABLE',
            });
            writeFileSync(file, good);
          }
        }
        appendFileSync(join(out, 'postgres', 'extra'), 'x');
        await expect(restoreHome(other, { from: out, replace: true })).rejects.toMatchObject({
          code: 'BACKUP_UNUSABLE',
        });
        expect(existsSync(other.secretsFile)).toBe(false);
        expect(await readdir(other.artifacts)).toEqual([]);
      }),
    120_000,
  );

  it(
    'replaces state only when told to, and a restore that was interrupted after it was decided is finished',
    () =>
      withBackup(async (home, out, digest) => {
        await expect(restoreHome(home, { from: out, replace: false })).rejects.toMatchObject({
          code: 'HOME_NOT_EMPTY',
        });
        for (const taken of [out, home.root, join(home.postgres, 'backup')]) {
          await expect(
            backupHome(home, { out: taken, adminUrl: 'postgres://127.0.0.1:1/', artifacts: true, codeRevision: null }),
          ).rejects.toMatchObject({ code: 'BACKUP_TARGET_TAKEN' });
        }
        const added = await contentStore(home.artifacts).put(randomBytes(10));
        const other = homeAt(`${home.root}-other`);
        await prepareHome(other, 0);
        await restoreHome(other, { from: out, replace: false });
        // What a kill between the deciding rename and the first step leaves.
        const decided = join(home.root, 'restore.decided');
        await mkdir(decided);
        await rename(other.artifacts, join(decided, 'artifacts'));
        finishRestore(home);
        expect(existsSync(decided)).toBe(false);
        await expect(contentStore(home.artifacts).get(added.digest)).rejects.toMatchObject({ code: 'CONTENT_MISSING' });
        expect((await contentStore(home.artifacts).get(digest)).length).toBe(10_000);
      }),
    120_000,
  );
});
