import { jest } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  connectDatabase,
  DriftLog,
  ModelLifecycle,
  ModelRegistry,
  PredictionLog,
  RunLog,
  type Database,
} from '@haat/data-access';
import { startScratchDatabase, type ScratchDatabase } from '@haat/data-access/testing';
import { createLogger, DATABASE, startApp, type RunningApp } from '@haat/platform';
import { askSubgraph, internalTokenSecret } from '@haat/platform/testing';
import { configSchema } from './config.ts';
import { PlatformAppModule } from './platform.module.ts';
import { sampleCard } from './testing/sample.model.ts';

const card = sampleCard;
const model = card.name;

describe('platform subgraph', () => {
  let scratch: ScratchDatabase;
  let owner: Database;
  let app: RunningApp;
  const artifacts = mkdtempSync(join(tmpdir(), 'haat-platform-'));

  beforeAll(async () => {
    scratch = await startScratchDatabase();
    owner = await connectDatabase({ url: scratch.url });
    const registry = new ModelRegistry(owner);
    await registry.saveCard(card);
    for (const [version, passed] of [true, true, false].entries()) {
      await registry.register({
        model,
        runId: `train/packaging-sample/${version}`,
        digest: String(version + 1).repeat(64),
        bytes: 1_000,
        card,
        metrics: { logLoss: 0.1 + version },
        gates: [{ gate: 'logLoss <= 1', passed, evidence: `${0.1 + version}` }],
        evaluation: {},
        dataset: { digest: 'e'.repeat(64), rows: 10, asOf: new Date('2026-01-01'), revision: 3 },
      });
    }
    await new ModelLifecycle(owner).promote(model, 1, { actor: { subject: 'user:asha', origin: 'test' } });
    app = await startApp(
      { name: 'platform', config: configSchema, module: (config) => PlatformAppModule.with(config) },
      // Nothing listens on port 1: reading needs no Temporal.
      {
        PORT: '0',
        DATABASE_URL: scratch.urls['haat_platform'],
        TEMPORAL_ADDRESS: '127.0.0.1:1',
        ARTIFACTS_URL: pathToFileURL(artifacts).href,
        INTERNAL_TOKEN_SECRET: internalTokenSecret,
      },
      createLogger('platform', 'silent'),
    );
  });
  afterAll(async () => {
    await app?.close();
    await owner?.close();
    await scratch?.stop();
    rmSync(artifacts, { recursive: true, force: true });
  });

  const ask = (query: string, variables: object = {}) =>
    askSubgraph({ url: app.url, name: 'platform' }, query, variables);

  it('shows the drift of the last days, and that of the newest to who watches', async () => {
    const feature = (psi: number, threshold: number | null) => ({
      feature: 'x',
      psi,
      threshold,
      missingShare: 0.25,
      referenceMissingShare: 0,
      drifted: threshold !== null && psi > threshold,
      bins: { labels: ['<= 1', '> 1'], reference: [0.5, 0.5], served: [0.25, 0.5] },
    });
    const log = new DriftLog(owner);
    const day = (date: string, one: ReturnType<typeof feature>) =>
      log.save({ model, day: date, version: 1, rows: 40, referenceRows: 900, features: [one] });
    for (const date of ['2026-03-03', '2026-03-01', '2026-03-02']) await day(date, feature(0.1, 0.2));
    await day('2026-03-03', feature(0.5, 0.2));
    const { data, errors } = await ask(
      `{ driftProfiles(model: "${model}", days: 2) { day version rows referenceRows features { feature psi threshold drifted missingShare bins reference served } } }`,
    );
    expect(errors).toBeUndefined();
    expect(data['driftProfiles']).toMatchObject([
      { day: '2026-03-02', features: [{ psi: 0.1, drifted: false }] },
      {
        day: '2026-03-03',
        version: 1,
        rows: 40,
        referenceRows: 900,
        features: [
          { feature: 'x', psi: 0.5, threshold: 0.2, drifted: true, missingShare: 0.25, bins: ['<= 1', '> 1'] },
        ],
      },
    ]);
    const metrics = await (await fetch(`${app.url}/metrics`)).text();
    expect(metrics).toMatch(/haat_drift_psi\{[^}]*model="packaging\/sample"[^}]*feature="x"[^}]*\} 0.5/);
    expect(metrics).toMatch(/haat_drift_threshold\{[^}]*feature="x"[^}]*\} 0.2/);
    expect(metrics).toMatch(/haat_drifted\{[^}]*feature="x"[^}]*\} 1/);
    await day('2026-03-04', feature(0, null));
    const later = await (await fetch(`${app.url}/metrics`)).text();
    expect(later).toMatch(/haat_drift_psi\{[^}]*feature="x"[^}]*\} 0/);
    expect(later).not.toMatch(/haat_drift_threshold\{[^}]*feature="x"/);
  });

  it('shows a model with its champion and its versions, newest first, page by page', async () => {
    const query = `query ($after: String) {
      model(name: "${model}") {
        title champion { id digest aliases }
        versions(first: 2, after: $after) {
          edges { node { id version gatesPassed metrics { name value unit better } lineage { datasetRows runId } } }
          pageInfo { hasNextPage endCursor }
        }
      }
    }`;
    const { data } = await ask(query);
    expect(data).toMatchObject({
      model: {
        title: 'Sample',
        champion: { id: `${model}@1`, digest: '1'.repeat(64), aliases: ['champion'] },
        versions: {
          edges: [
            { node: { version: 3, gatesPassed: false } },
            {
              node: {
                id: `${model}@2`,
                metrics: [{ name: 'logLoss', value: 1.1, unit: 'nat', better: 'lower' }],
                lineage: { datasetRows: 10, runId: 'train/packaging-sample/1' },
              },
            },
          ],
          pageInfo: { hasNextPage: true },
        },
      },
    });
    const { endCursor } = (data as { model: { versions: { pageInfo: { endCursor: string } } } }).model.versions
      .pageInfo;
    const next = await ask(query, { after: endCursor });
    expect(next.data).toMatchObject({
      model: { versions: { edges: [{ node: { version: 1 } }], pageInfo: { hasNextPage: false } } },
    });
  });

  it('asks for what a list of models fans out to in a constant number of statements', async () => {
    const registry = new ModelRegistry(owner);
    const { pool } = app.app.get<Database>(DATABASE);
    const statements = jest.spyOn(pool, 'query');
    const count = async () => {
      statements.mockClear();
      const { errors } = await ask('{ models { name champion { id model { name } } } }');
      expect(errors).toBeUndefined();
      return statements.mock.calls.length;
    };
    await count();
    const few = await count();
    for (let n = 0; n < 20; n++) await registry.saveCard({ ...card, name: `packaging/sample-${n}` });
    expect(await count()).toBe(few);
    statements.mockRestore();
  });

  it('promotes a version whose gates passed, and no other', async () => {
    const promote = 'mutation ($id: ID!) { promoteModel(id: $id) { id aliases } }';
    expect((await ask(promote, { id: `${model}@2` })).data).toEqual({
      promoteModel: { id: `${model}@2`, aliases: ['champion'] },
    });
    const codes = await Promise.all(
      [`${model}@3`, `${model}@9`, 'nonsense'].map(
        async (id) => (await ask(promote, { id })).errors![0]!.extensions['code'],
      ),
    );
    expect(codes).toEqual(['GATES_NOT_PASSED', 'UNKNOWN_MODEL_VERSION', 'UNKNOWN_MODEL_VERSION']);
  });

  it('shows a run from its queue to its end', async () => {
    const runs = new RunLog(owner);
    const id = 'train/packaging-sample/1';
    const look = async () =>
      (
        await ask(
          'query ($id: ID!) { run(id: $id) { state endedAt progress { step fraction message } metrics { name value } version { id } promoted error { code } } }',
          { id },
        )
      ).data['run'];
    await runs.create({ id, kind: 'train', model, options: { seed: 1 } });
    expect(await look()).toMatchObject({
      state: 'queued',
      progress: null,
      metrics: null,
      version: null,
      promoted: false,
    });
    await runs.beginStep(id, 'fit');
    await runs.progress(id, 0.5, 'iteration 3');
    expect(await look()).toMatchObject({
      state: 'running',
      progress: { step: 'fit', fraction: 0.5, message: 'iteration 3' },
    });
    await runs.complete(id, {
      metrics: { logLoss: 0.2 },
      result: { ref: { model, version: 2, digest: '2'.repeat(64) }, promoted: true },
    });
    expect(await look()).toMatchObject({
      state: 'completed',
      endedAt: expect.any(String),
      metrics: [{ name: 'logLoss', value: 0.2 }],
      version: { id: `${model}@2` },
      promoted: true,
      error: null,
    });
  });

  it('lists runs newest first, of a model and a state', async () => {
    const runs = new RunLog(owner);
    for (const n of [1, 2, 3]) await runs.create({ id: `train/x/${n}`, kind: 'train', model, options: {} });
    await runs.fail('train/x/2', 'failed', 'TOO_LITTLE_HISTORY', 'Expected more');
    const list = async (args: string) => {
      const { data } = await ask(
        `{ runs(${args}) { edges { node { id } cursor } pageInfo { hasNextPage endCursor } } }`,
      );
      return data['runs'] as {
        edges: { node: { id: string } }[];
        pageInfo: { hasNextPage: boolean; endCursor: string };
      };
    };
    expect((await list('state: failed')).edges.map(({ node }) => node.id)).toEqual(['train/x/2']);
    const seen: string[] = [];
    for (let after = ''; ;) {
      const page = await list(`first: 2, model: "${model}"${after && `, after: "${after}"`}`);
      seen.push(...page.edges.map(({ node }) => node.id));
      if (!page.pageInfo.hasNextPage) break;
      after = page.pageInfo.endCursor;
    }
    expect(seen).toHaveLength(4);
    expect(new Set(seen).size).toBe(4);
  });

  it('answers a recorded prediction with the version that served it', async () => {
    const ref = { model, version: 1, digest: '1'.repeat(64) };
    const [id] = await new PredictionLog(owner).record(ref, { asOf: new Date('2026-02-03'), revision: 3 }, [
      { input: { x: 1 }, output: { y: 2 } },
    ]);
    const query = 'query ($id: ID!) { prediction(id: $id) { asOf input output digest version { id } } }';
    expect((await ask(query, { id })).data).toEqual({
      prediction: {
        asOf: '2026-02-03T00:00:00.000Z',
        input: { x: 1 },
        output: { y: 2 },
        digest: ref.digest,
        version: { id: `${model}@1` },
      },
    });
    expect((await ask(query, { id: 'nobody' })).data).toEqual({ prediction: null });
  });

  it.each([
    ['{ model(name: "none") { name } }', 'UNKNOWN_MODEL'],
    ['{ run(id: "none") { id } }', 'UNKNOWN_RUN'],
    ['{ runs(first: 1000) { edges { cursor } } }', 'INVALID_ARGUMENT'],
    ['mutation { trainModel(input: { model: "none" }) { id } }', 'UNKNOWN_MODEL'],
    [`mutation { trainModel(input: { model: "${model}", options: { ridg: 3 } }) { id } }`, 'INVALID_ARGUMENT'],
    [`mutation { trainModel(input: { model: "${model}", options: { ridge: "x" } }) { id } }`, 'INVALID_ARGUMENT'],
    [`mutation { trainModel(input: { model: "${model}", options: { ridge: -1 } }) { id } }`, 'INVALID_ARGUMENT'],
    [`mutation { trainModel(input: { model: "${model}" }) { id } }`, 'SERVICE_UNAVAILABLE'],
  ])('%s is %s', async (query, code) => {
    const { errors } = await ask(query);
    expect(errors![0]).toMatchObject({ extensions: { code } });
    expect(errors![0]!.message).not.toMatch(/127\.0\.0\.1|:1\b/);
  });

  it('says which option is wrong', async () => {
    const { errors } = await ask(`mutation { trainModel(input: { model: "${model}", options: { ridg: 3 } }) { id } }`);
    expect(errors![0]).toEqual(
      expect.objectContaining({
        message: 'options.ridg: packaging/sample has no such option; it has ridge',
        extensions: { code: 'INVALID_ARGUMENT', details: { field: 'options.ridg' } },
      }),
    );
  });

  it('is ready while the database answers', async () => {
    expect((await fetch(`${app.url}/health/ready`)).status).toBe(200);
  });
});
