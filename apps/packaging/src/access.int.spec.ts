import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { connectDatabase } from '@haat/data-access';
import { startScratchDatabase, type ScratchDatabase } from '@haat/data-access/testing';
import type { Actor } from '@haat/kit';
import { importPackaging, packagingEntities, packagingMigrations } from '@haat/packaging/store';
import { createLogger, startApp, type RunningApp } from '@haat/platform';
import {
  accessCases,
  actorsOf,
  answeredVerdicts,
  askSubgraph,
  askSubgraphItself,
  internalTokenSecret,
  promisedVerdicts,
} from '@haat/platform/testing';
import { simulatePackaging, writeWorld } from '@haat/simulators';
import { configSchema } from './config.ts';
import { PackagingAppModule } from './packaging.module.ts';
import { schemaFile } from './schema.printer.ts';

describe('access to the packaging subgraph', () => {
  let folder: string;
  let scratch: ScratchDatabase;
  let app: RunningApp;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'haat-packaging-access-'));
    scratch = await startScratchDatabase({ migrations: [packagingMigrations] });
    const task = await connectDatabase({ url: scratch.urls['haat_packaging_task']!, entities: packagingEntities });
    const world = join(folder, 'world');
    await writeWorld(simulatePackaging({ seed: 5, products: 100 }), world, 'csv');
    await importPackaging(task, world, { validFrom: new Date('2026-01-01T00:00:00Z') });
    await task.close();
    app = await startApp(
      { name: 'packaging', config: configSchema, module: (config) => PackagingAppModule.with(config) },
      {
        PORT: '0',
        DATABASE_URL: scratch.urls['haat_packaging'],
        ARTIFACTS_URL: pathToFileURL(join(folder, 'artifacts')).href,
        INTERNAL_TOKEN_SECRET: internalTokenSecret,
      },
      createLogger('packaging', 'silent'),
    );
  });
  afterAll(async () => {
    await app?.close();
    await scratch?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const subgraph = () => ({ url: app.url, name: 'packaging' });

  it('is, for each field, role and scope, as its printed schema says, root fields and entities alike', async () => {
    const cases = accessCases(await readFile(schemaFile, 'utf8'), {
      domain: 'packaging',
      entities: { Product: { id: 'p000001' }, ModelVersion: { id: 'packaging/damage@1' } },
    });
    const actors = actorsOf('packaging');
    expect(new Set(cases.map(({ kind }) => kind))).toEqual(new Set(['query', 'mutation', 'entity']));
    const answered = await answeredVerdicts(cases, actors, (one, actor) => askSubgraphItself(subgraph(), one, actor));
    expect(answered).toEqual(promisedVerdicts(cases, actors));
  });

  it('lets the reader of the domain really read', async () => {
    const reader: Actor = { subject: 'user:asha', role: 'reader', scopes: ['packaging'], origin: 'test' };
    const references = [{ __typename: 'Product', id: 'p000001' }];
    const query = 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Product { id weightG } } }';
    expect((await askSubgraph(subgraph(), query, { r: references }, reader)).data).toEqual({
      _entities: [{ id: 'p000001', weightG: expect.any(Number) }],
    });
  });
});
