import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { connectDatabase, contentStore, ModelRegistry, PredictionLog, roleUrl } from '@haat/data-access';
import { startEmbeddedPostgres } from '@haat/data-access/embedded';
import { freePort } from '@haat/dev-stack';

import { domains } from '@haat/kit';
import { internalTokenSecret } from '@haat/platform/testing';

import { startApp } from '../stack/app.process.ts';
import { startLoad } from '../stack/load.ts';
import { ask, onStack, runHaat, sharedStack } from '../stack/shared.stack.ts';

interface Answer {
  readonly product: {
    readonly packaging: {
      readonly predictionId: string;
      readonly damageProbabilities: readonly object[];
      readonly model: { readonly digest: string };
    };
  };
}

const question =
  '{ product(id: "p000003") { packaging { predictionId damageProbabilities { packageType probability } model { digest } } } }';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'haat-e2e-backup-'));
  chmodSync(folder, 0o755);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const answer = async () => (await ask<Answer>(question)).data!.product.packaging;

describe('haat backup and restore', () => {
  it('give the same answers, versions and predictions elsewhere, though the stack worked all the time', async () => {
    const before = await answer();
    const end = startLoad(3, answer);
    const out = join(folder, 'backup');
    expect(await onStack(['backup', '--out', out])).toMatchObject({ status: 0 });
    const { failed } = await end();
    expect(failed).toEqual([]);

    const home = join(folder, 'home');
    expect(await runHaat(['restore', '--from', out, '--home', home])).toMatchObject({ status: 0 });
    const secrets = JSON.parse(readFileSync(join(home, 'secrets.json'), 'utf8')) as Record<string, string>;
    const password = secrets['postgres']!;
    const server = await startEmbeddedPostgres({
      directory: join(home, 'postgres'),
      port: await freePort(),
      password,
      log: () => undefined,
    });
    try {
      const url = (role: string) => roleUrl(server.url, role, secrets[role]!);
      const database = await connectDatabase({ url: url('haat_platform') });
      const champion = await new ModelRegistry(database).champion('packaging/damage');
      const recorded = await new PredictionLog(database).read(before.predictionId);
      const { rows } = await database.pool.query<{ domain: string }>(
        'select domain from platform.data_revision order by domain',
      );
      await database.close();
      expect(champion?.digest).toBe(before.model.digest);
      expect(recorded).toMatchObject({ id: before.predictionId, digest: before.model.digest });
      expect(rows.map(({ domain }) => domain)).toEqual([...domains].sort());
      const artifacts = join(home, 'artifacts');
      expect((await contentStore(artifacts).get(before.model.digest)).length).toBeGreaterThan(0);
      const app = await startApp('packaging', {
        DATABASE_URL: url('haat_packaging'),
        ARTIFACTS_URL: `file://${artifacts}`,
        INTERNAL_TOKEN_SECRET: internalTokenSecret,
      });
      await app.ready();
      const again = (await app.ask<Answer>(
        '{ _entities(representations: [{ __typename: "Product", id: "p000003" }]) { ... on Product { packaging { damageProbabilities { packageType probability } model { digest } } } } }',
      )) as unknown as { _entities: [Answer['product']] };
      await app.end('SIGTERM');
      expect(again._entities[0].packaging).toEqual({
        damageProbabilities: before.damageProbabilities,
        model: before.model,
      });
    } finally {
      await server.stop();
    }
  }, 240_000);

  it('refuse a damaged backup, and leave the state alone', async () => {
    const file = join(folder, 'backup', 'secrets.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace(/.$/m, ' '));
    const refused = await runHaat([
      'restore',
      '--from',
      join(folder, 'backup'),
      '--home',
      join(folder, 'home'),
      '--yes',
    ]);
    expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining('BACKUP_UNUSABLE') });
    const taken = await onStack(['backup', '--out', join(folder, 'backup')]);
    expect(taken).toMatchObject({ status: 1, stderr: expect.stringContaining('BACKUP_TARGET_TAKEN') });
    const running = await onStack(['restore', '--from', join(folder, 'backup'), '--yes']);
    expect(running).toMatchObject({ status: 1, stderr: expect.stringContaining('ALREADY_RUNNING') });
  });
});

describe('haat doctor', () => {
  interface Report {
    readonly failed: number;
    readonly findings: readonly { readonly check: string; readonly state: string; readonly advice?: string }[];
  }

  it('finds nothing wrong with a stack that works, and tells no secret', async () => {
    const { home } = sharedStack();
    const { status, stdout } = await onStack(['doctor', '--json']);
    const report = JSON.parse(stdout) as Report;
    expect(report.findings.filter(({ state }) => state === 'fail')).toEqual([]);
    expect(status).toBe(0);
    const checks = report.findings.map(({ check }) => check);
    for (const check of [
      'node',
      'disk',
      'passwords',
      'PostgreSQL',
      'clocks',
      'migrations',
      'champion',
      'Temporal',
      'queue control',
      'queue train',
      'queue backfill',
      'runs',
      'app gateway',
      'logs',
    ])
      expect(checks).toContain(check);
    for (const secret of Object.values(JSON.parse(readFileSync(join(home, 'secrets.json'), 'utf8')) as object))
      expect(stdout).not.toContain(secret);
  });

  it('names what is wrong, with what to do, where a password file is open and where nothing answers', async () => {
    const { home } = sharedStack();
    chmodSync(join(home, 'secrets.json'), 0o644);
    const open = await onStack(['doctor', '--json']).finally(() => chmodSync(join(home, 'secrets.json'), 0o600));
    expect(open.status).toBe(1);
    const wrong = (JSON.parse(open.stdout) as Report).findings.filter(({ state }) => state === 'fail');
    expect(wrong).toEqual([
      expect.objectContaining({ check: 'passwords', advice: expect.stringContaining('chmod 600') }),
    ]);

    const env = {
      HAAT_HOME: join(folder, 'none'),
      HAAT_PORT: String(await freePort()),
      DATABASE_URL: 'postgres://nobody@127.0.0.1:1/x',
      TEMPORAL_ADDRESS: '127.0.0.1:1',
    };
    const nothing = await runHaat(['doctor', '--json'], { env });
    expect(nothing.status).toBe(1);
    const failed = (JSON.parse(nothing.stdout) as Report).findings.filter(({ state }) => state === 'fail');
    expect(failed.map(({ check }) => check)).toEqual(expect.arrayContaining(['PostgreSQL', 'Temporal']));
    expect(failed.every(({ advice }) => advice !== undefined)).toBe(true);
  });
});
