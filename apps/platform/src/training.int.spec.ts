import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AuditTrail, connectDatabase, ModelRegistry } from '@haat/data-access';
import { startScratchDatabase, type ScratchDatabase } from '@haat/data-access/testing';
import { findTemporal, startTemporal, type TemporalServer } from '@haat/dev-stack';
import { createLogger, startApp, type RunningApp } from '@haat/platform';
import { askSubgraph, internalTokenSecret } from '@haat/platform/testing';
import type { TrainInput } from '@haat/workflows';
import { connectTemporal, describeRun, type Temporal } from '@haat/workflows/client';
import { configSchema } from './config.ts';
import { PlatformAppModule } from './platform.module.ts';
import { sampleCard } from './testing/sample.model.ts';

let folder: string;
let scratch: ScratchDatabase;
let server: TemporalServer;
let temporal: Temporal;
let app: RunningApp;

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'haat-platform-'));
  const { path: binary } = await findTemporal();
  const [port, uiPort] = [await freePort(), await freePort()];
  const files = { database: join(folder, 'temporal.db'), log: join(folder, 'temporal.log') };
  [scratch, server] = await Promise.all([startScratchDatabase(), startTemporal({ binary, ...files, port, uiPort })]);
  temporal = await connectTemporal({ address: server.address, namespace: 'default' });
  const owner = await connectDatabase({ url: scratch.url });
  await new ModelRegistry(owner).saveCard(sampleCard);
  await owner.close();
  app = await startApp(
    { name: 'platform', config: configSchema, module: (config) => PlatformAppModule.with(config) },
    {
      PORT: '0',
      DATABASE_URL: scratch.urls['haat_platform'],
      TEMPORAL_ADDRESS: server.address,
      ARTIFACTS_URL: pathToFileURL(join(folder, 'artifacts')).href,
      INTERNAL_TOKEN_SECRET: internalTokenSecret,
    },
    createLogger('platform', 'silent'),
  );
}, 900_000);

afterAll(async () => {
  await app?.close();
  await temporal?.close();
  await server?.stop();
  await scratch?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function train(input: object): Promise<{ id: string; state: string; options: TrainInput['options'] }> {
  const { data, errors } = await askSubgraph(
    { url: app.url, name: 'platform' },
    'mutation ($input: TrainModelInput!) { trainModel(input: $input) { id state options } }',
    { input: { model: sampleCard.name, ...input } },
  );
  expect(errors).toBeUndefined();
  return data['trainModel'] as Awaited<ReturnType<typeof train>>;
}

describe('trainModel', () => {
  it('starts one workflow from the stored card, however often the same is asked', async () => {
    const first = await train({ options: { ridge: 20 }, seed: 7, promote: false });
    const again = await train({ seed: 7, promote: false, options: { ridge: 20 } });
    expect(again).toEqual(first);
    expect(first.id).toMatch(/^train\/packaging-sample\/[0-9a-f]{16}$/);
    expect(first.state).toBe('queued');
    const description = await describeRun(temporal, first.id);
    expect(description).toMatchObject({ runId: first.id, state: 'queued' });
    expect(first.options).toEqual({ asOf: expect.any(String), seed: 7, promote: 'never', model: { ridge: 20 } });
  });

  it.each([
    ['another option', { options: { ridge: 21 } }],
    ['another seed', { seed: 8 }],
    ['another key', { idempotencyKey: 'again' }],
    ['a moment', { asOf: '2026-01-01T00:00:00.000Z' }],
  ])('starts another run for %s', async (_what, input) => {
    const plain = await train({});
    const other = await train(input);
    expect(other.id).not.toBe(plain.id);
    expect(await describeRun(temporal, other.id)).not.toBeNull();
  });
});

describe('checks of what is served', () => {
  async function start(field: string, input: object): Promise<{ id: string; kind: string; options: object }> {
    const type = field === 'startSkewAudit' ? 'SkewAuditInput' : 'DriftProfileInput';
    const { data, errors } = await askSubgraph(
      { url: app.url, name: 'platform' },
      `mutation ($input: ${type}!) { started: ${field}(input: $input) { id kind options } }`,
      { input: { model: sampleCard.name, ...input } },
    );
    if (errors) throw Object.assign(new Error('refused'), { errors });
    return data['started'] as { id: string; kind: string; options: object };
  }

  it.each([
    ['startSkewAudit', 'skew', { from: '2026-03-01T00:00:00.000Z', to: '2026-03-02T00:00:00.000Z', rows: 7, seed: 3 }],
    ['startDriftProfile', 'drift', { day: '2026-03-01' }],
  ])(
    '%s starts one run of kind %s, however often the same is asked, and it stands in the audit trail',
    async (field, kind, input) => {
      const first = await start(field, input);
      expect(await start(field, input)).toEqual(first);
      expect(first).toMatchObject({ kind, options: input });
      expect(first.id).toMatch(new RegExp(`^${kind}/packaging-sample/[0-9a-f]{16}$`));
      expect(await describeRun(temporal, first.id)).toMatchObject({ state: 'queued' });
      const other = await start(field, { ...input, idempotencyKey: 'again' });
      expect(other.id).not.toBe(first.id);
      const platform = await connectDatabase({ url: scratch.urls['haat_platform']! });
      const entries = await new AuditTrail(platform).page(9, { subject: first.id });
      await platform.close();
      expect(entries).toMatchObject([
        { actor: 'user:local', action: `${kind}.start`, domain: 'packaging', details: input },
      ]);
    },
  );

  it.each([
    ['startSkewAudit', { rows: 0 }, 'INVALID_ARGUMENT'],
    ['startSkewAudit', { from: '2026-03-02T00:00:00Z', to: '2026-03-01T00:00:00Z' }, 'INVALID_ARGUMENT'],
    ['startSkewAudit', { model: 'packaging/none' }, 'UNKNOWN_MODEL'],
    ['startDriftProfile', { day: '2026-02-30' }, 'INVALID_ARGUMENT'],
    ['startDriftProfile', { day: 'yesterday' }, 'INVALID_ARGUMENT'],
  ])('%s refuses %j as %s', async (field, input, code) => {
    await expect(start(field, input)).rejects.toMatchObject({ errors: [{ extensions: { code } }] });
  });
});
