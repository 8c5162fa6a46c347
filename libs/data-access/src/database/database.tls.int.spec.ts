import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { platformMigrations } from '../platform/migrations/index.ts';
import { certificateAuthority, startScratchDatabase, type ScratchDatabase } from '../testing/index.ts';
import { connectDatabase } from './database.connection.ts';
import { migrate } from './database.migrations.ts';
import { listenFor } from './database.notices.ts';
import { prepareDatabase } from './database.roles.ts';

let folder: string;
let encrypted: ScratchDatabase;
let plain: ScratchDatabase;
let files: Readonly<Record<'ca' | 'otherCa', string>>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'haat-tls-'));
  const [authority, other] = [await certificateAuthority('Ours'), await certificateAuthority('Another')];
  const written = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  files = { ca: written('ca.pem', authority.cert), otherCa: written('other.pem', other.cert) };
  [encrypted, plain] = [
    await startScratchDatabase({ tls: await authority.issue('localhost') }),
    await startScratchDatabase(),
  ];
});

afterAll(async () => {
  await encrypted?.stop();
  await plain?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** An address as it stands in the runbook: the server by name, the mode, the CA's file. */
function demanding(url: string, ca?: string, host = 'localhost'): string {
  const address = new URL(url);
  address.hostname = host;
  address.searchParams.set('sslmode', 'verify-full');
  if (ca !== undefined) address.searchParams.set('sslrootcert', ca);
  return address.href;
}

describe('TLS to PostgreSQL, by DATABASE_URL alone', () => {
  it('carries the roles and migrations, the queries of the pool and of TypeORM, and the listening connection', async () => {
    const urls = await prepareDatabase(demanding(encrypted.adminUrl, files.ca), { haat_platform: 'new' });
    expect(urls['haat_platform']).toContain('sslmode=verify-full');
    expect(await migrate(demanding(encrypted.url, files.ca), [platformMigrations])).toEqual([]);
    const database = await connectDatabase({ url: urls['haat_platform']! });
    const [listening, told] = [Promise.withResolvers<void>(), Promise.withResolvers<string>()];
    const listener = { onListening: listening.resolve, onNotice: told.resolve };
    const stop = listenFor(database, 'haat_test', listener, 100);
    await listening.promise;
    const spoken = `select ssl, version from pg_stat_ssl where pid = pg_backend_pid()`;
    const secure = [{ ssl: true, version: 'TLSv1.3' }];
    expect((await database.pool.query(spoken)).rows).toEqual(secure);
    expect(await database.source.query(spoken)).toEqual(secure);
    const { rows } = await database.pool.query(
      `select distinct ssl from pg_stat_ssl join pg_stat_activity using (pid) where application_name like 'haat%'`,
    );
    expect(rows).toEqual([{ ssl: true }]);
    await database.pool.query(`notify haat_test, 'told'`);
    expect(await told.promise).toBe('told');
    await stop();
    await database.close();
  });

  it.each([
    [
      'another CA',
      () => demanding(encrypted.adminUrl, files.otherCa),
      /does not lead to a CA that is trusted.*sslrootcert/,
    ],
    ['no CA', () => demanding(encrypted.adminUrl), /does not lead to a CA that is trusted.*sslrootcert/],
    ['a CA that is no file', () => demanding(encrypted.adminUrl, '/none.pem'), /\/none\.pem cannot be read \(ENOENT\)/],
    ['a server without TLS', () => demanding(plain.adminUrl, files.ca), /speaks no TLS.*ssl = on/],
  ])('is refused with what to do: %s', async (_what, url, said) => {
    const refusal = { code: 'DATABASE_TLS_REFUSED', blame: 'caller', message: expect.stringMatching(said) };
    await expect(connectDatabase({ url: url() })).rejects.toMatchObject(refusal);
    await expect(migrate(url(), [platformMigrations])).rejects.toMatchObject(refusal);
    await expect(prepareDatabase(url(), {})).rejects.toMatchObject(refusal);
  });

  it('is refused where the certificate is for another name', async () => {
    const authority = await certificateAuthority('Third');
    const ca = join(folder, 'third.pem');
    writeFileSync(ca, authority.cert);
    const elsewhere = await startScratchDatabase({ tls: await authority.issue('db.example') });
    await expect(connectDatabase({ url: demanding(elsewhere.adminUrl, ca) })).rejects.toMatchObject({
      code: 'DATABASE_TLS_REFUSED',
      message: expect.stringMatching(/certificate is for another name.*db\.example/),
    });
    await elsewhere.stop();
  });
});
