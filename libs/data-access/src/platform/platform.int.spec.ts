import { defineModel, modelCard } from '@haat/kit';
import { z } from 'zod';

import { connectDatabase, type Database } from '../database/database.connection.ts';
import { startScratchDatabase, type ScratchDatabase } from '../testing/index.ts';
import { championSource } from './champion.source.ts';
import { domainAccess } from './domain.access.ts';
import { ModelRegistry } from './model.registry.ts';
import { PredictionLog } from './prediction.log.ts';
import { RunLog } from './run.log.ts';
import type { NewModelVersion } from './platform.records.ts';

let scratch: ScratchDatabase;
let platform: Database;
let packaging: Database;
let task: Database;

beforeAll(async () => {
  scratch = await startScratchDatabase();
  const owner = await connectDatabase({ url: scratch.url });
  for (const statement of domainAccess('packaging')) await owner.pool.query(statement);
  await owner.close();
  platform = await connectDatabase({ url: scratch.urls['haat_platform']! });
  packaging = await connectDatabase({ url: scratch.urls['haat_packaging']! });
  task = await connectDatabase({ url: scratch.urls['haat_packaging_task']! });
});

afterAll(async () => {
  for (const database of [platform, packaging, task]) await database?.close();
  await scratch?.stop();
});

const cardOf = (name: `${string}/${string}`) =>
  modelCard(
    defineModel({
      name,
      title: 't',
      owner: 'o',
      intendedUse: 'u',
      limitations: [],
      kind: 'convex',
      input: z.object({ a: z.number() }),
      features: { a: { dtype: 'float32', unit: '1', doc: 'a' } },
      target: { unit: '1', doc: 'd' },
      outputs: {},
      options: z.object({}),
      recipe: { algorithm: 'a', source: 's' },
      metrics: { logLoss: { unit: 'nat', doc: '', better: 'lower' } },
      gates: [],
      serving: { maxBatch: 1, timeoutMs: 1, record: 1, fallback: '' },
    }),
  );

const candidate = (runId: string, over: Partial<NewModelVersion> = {}): NewModelVersion => ({
  model: 'packaging/damage',
  runId,
  digest: 'ab'.repeat(32),
  bytes: 5,
  card: cardOf('packaging/damage'),
  metrics: { logLoss: 0.25 },
  gates: [{ gate: 'logLoss <= 1', passed: true, evidence: '0.25 <= 1' }],
  evaluation: { heldOut: { rows: 7 } },
  dataset: { digest: 'cd'.repeat(32), rows: 70, asOf: new Date('2026-01-02T03:04:05Z') },
  ...over,
});

describe('the model registry', () => {
  it('numbers versions in order, once a run, also when runs register at the same time', async () => {
    const registry = new ModelRegistry(task);
    await registry.saveCard(cardOf('packaging/damage'));
    const runs = ['r1', 'r2', 'r3', 'r1', 'r2'];
    const registered = await Promise.all(runs.map((run) => registry.register(candidate(run))));
    expect(registered[3]!.version).toBe(registered[0]!.version);
    expect([...new Set(registered.map(({ version }) => version))].sort()).toEqual([1, 2, 3]);
    expect((await registry.versions('packaging/damage', 2)).map(({ version }) => version)).toEqual([3, 2]);
    expect(await registry.version('packaging/damage', 1)).toMatchObject({
      bytes: 5,
      datasetRows: 70,
      metrics: { logLoss: 0.25 },
      gatesPassed: true,
      asOf: new Date('2026-01-02T03:04:05Z'),
    });
  });

  it('promotes, remembers what was before, and refuses a version whose gates failed', async () => {
    const registry = new ModelRegistry(platform);
    expect(await registry.champion('packaging/damage')).toBeNull();
    await registry.promote('packaging/damage', 1);
    await registry.promote('packaging/damage', 2);
    await registry.promote('packaging/damage', 2);
    expect(await registry.aliases(['packaging/damage'])).toMatchObject([
      { alias: 'champion', version: 2, previousVersion: 1 },
    ]);
    const failing = await registry.register(
      candidate('r4', { gates: [{ gate: 'auc >= 0.6', passed: false, evidence: '0.51 < 0.6' }] }),
    );
    await expect(registry.promote('packaging/damage', failing.version)).rejects.toMatchObject({
      code: 'GATES_NOT_PASSED',
      message: expect.stringContaining('0.51 < 0.6'),
    });
    await expect(registry.promote('packaging/damage', 99)).rejects.toMatchObject({ code: 'UNKNOWN_MODEL_VERSION' });
    await expect(registry.model('packaging/none')).rejects.toMatchObject({ code: 'UNKNOWN_MODEL' });
    expect((await registry.champion('packaging/damage'))?.version).toBe(2);
  });

  it('answers versions by reference in the order asked, null for none', async () => {
    const found = await new ModelRegistry(platform).versionsAt([
      { model: 'packaging/damage', version: 2 },
      { model: 'packaging/damage', version: 77 },
      { model: 'packaging/damage', version: 1 },
    ]);
    expect(found.map((one) => one?.version ?? null)).toEqual([2, null, 1]);
  });
});

describe('the champion source', () => {
  it('tells of a promotion, and of one that it missed while its connection was broken', async () => {
    const registry = new ModelRegistry(platform);
    await registry.promote('packaging/damage', 1);
    const source = championSource(packaging, { pollMs: 60_000, reconnectMs: 50 });
    const told: string[] = [];
    const untilTold = async (times: number) => {
      while (told.length < times) await new Promise((resolve) => setTimeout(resolve, 10));
    };
    source.onChange((model) => told.push(model));
    const admin = await connectDatabase({ url: scratch.adminUrl });
    const listening = async () => {
      const { rows } = await admin.pool.query(`select pid from pg_stat_activity where query = 'listen haat_champion'
        or (application_name = 'haat-listen' and state = 'idle')`);
      return rows.length > 0;
    };
    while (!(await listening())) await new Promise((resolve) => setTimeout(resolve, 10));
    await registry.promote('packaging/damage', 3);
    await untilTold(1);
    expect((await source.champion('packaging/damage'))?.version).toBe(3);

    await admin.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'haat-listen'`,
    );
    await registry.promote('packaging/damage', 2);
    await untilTold(2);
    expect(told).toEqual(['packaging/damage', 'packaging/damage']);
    await source.close();
    await admin.close();
  });
});

describe('the run log', () => {
  it('keeps steps, progress and the end; repeated calls change nothing', async () => {
    const log = new RunLog(task);
    const run = { id: 'train/packaging-damage/1', kind: 'train', model: 'packaging/damage', options: { seed: 1 } };
    expect(await log.create(run)).toMatchObject({ state: 'queued', step: null, steps: [] });
    await log.beginStep(run.id, 'snapshot');
    await log.beginStep(run.id, 'fit');
    await log.beginStep(run.id, 'fit');
    await log.progress(run.id, 0.5, 'iteration 3');
    await log.create(run);
    expect(await log.read(run.id)).toMatchObject({
      state: 'running',
      step: 'fit',
      fraction: 0.5,
      message: 'iteration 3',
    });
    await log.complete(run.id, { metrics: { logLoss: 0.1 }, result: { version: 1 } });
    await log.fail(run.id, 'failed', 'X', 'too late');
    const done = await log.read(run.id);
    expect(done).toMatchObject({
      state: 'completed',
      metrics: { logLoss: 0.1 },
      result: { version: 1 },
      errorCode: null,
    });
    expect(done.steps.map(({ step }) => step)).toEqual(['snapshot', 'fit']);
    expect(done.steps.every(({ finishedAt }) => finishedAt !== null)).toBe(true);
    await expect(log.read('none')).rejects.toMatchObject({ code: 'UNKNOWN_RUN' });
  });

  it('pages through all runs, newest first, without a gap or a repeat', async () => {
    const log = new RunLog(task);
    for (let i = 0; i < 7; i += 1) {
      await log.create({ id: `train/packaging-damage/page${i}`, kind: 'train', model: 'packaging/paged', options: {} });
    }
    const seen: string[] = [];
    let page = await log.page(3, { model: 'packaging/paged' });
    while (page.length > 0) {
      seen.push(...page.map(({ id }) => id));
      page = await log.page(3, { model: 'packaging/paged', after: page.at(-1)! });
    }
    expect(seen).toHaveLength(7);
    expect(new Set(seen).size).toBe(7);
  });
});

describe('the prediction log', () => {
  const ref = { model: 'packaging/damage', version: 1, digest: 'ab'.repeat(32) };

  it('records many in one statement and reads one by its id', async () => {
    const log = new PredictionLog(packaging);
    const asOf = new Date('2026-03-04T05:06:07Z');
    await log.prepare();
    const statements: unknown[] = [];
    const { query } = packaging.pool;
    packaging.pool.query = ((...call: Parameters<typeof query>) => {
      statements.push(call[0]);
      return query.apply(packaging.pool, call);
    }) as typeof query;
    const ids = await log.record(ref, asOf, [
      { input: { product: 'p1', name: 'नमस्ते "x"' }, output: { probability: [0.1, 0.05] } },
      { input: null, output: [1e-300] },
    ]);
    packaging.pool.query = query;
    expect(statements).toHaveLength(1);
    expect(await log.read(ids[0]!)).toMatchObject({
      ...ref,
      asOf,
      input: { product: 'p1', name: 'नमस्ते "x"' },
      output: { probability: [0.1, 0.05] },
    });
    expect(await log.read(ids[1]!)).toMatchObject({ input: null, output: [1e-300] });
    expect(await log.read('not-an-id')).toBeNull();
    expect(await log.read('019b0000-0000-7000-8000-000000000000')).toBeNull();
  });

  it('records on a clock that was set back, says when it is days astray, and goes on when it is right again', async () => {
    const { rows } = await packaging.pool.query<{ now: Date }>('select now()');
    const right = rows[0]!.now.getTime();
    const hour = 3_600_000;
    let time = right;
    const log = new PredictionLog(packaging, () => new Date(time));
    const record = () => log.record(ref, new Date(right), [{ input: {}, output: {} }]);
    const ids: string[] = [];
    for (const shift of [0, -20, -1, 30]) {
      time = right + shift * hour;
      ids.push(...(await record()));
    }
    for (const days of [-30, 60]) {
      time = right + days * 24 * hour;
      await expect(record()).rejects.toMatchObject({ code: 'CLOCK_ASTRAY', blame: 'retry' });
    }
    time = right;
    ids.push(...(await record()));
    for (const id of ids) expect(await log.read(id)).toMatchObject({ id });
    expect(new Set(ids).size).toBe(5);
  });

  it('refuses a domain to write or read predictions of another', async () => {
    const foreign = new PredictionLog(packaging).record({ ...ref, model: 'risk/person' }, new Date(), [
      { input: {}, output: {} },
    ]);
    await expect(foreign).rejects.toThrow('row-level security');
    const [id] = await new PredictionLog(platform).record({ ...ref, model: 'risk/person' }, new Date(), [
      { input: {}, output: {} },
    ]);
    expect(await new PredictionLog(packaging).read(id!)).toBeNull();
    expect(await new PredictionLog(platform).read(id!)).not.toBeNull();
  });
});

describe('roles', () => {
  it('keep a domain to its own: no promotion by the app, no version, run or revision of another domain by the task', async () => {
    await expect(new ModelRegistry(packaging).promote('packaging/damage', 1)).rejects.toThrow('permission denied');
    await expect(new ModelRegistry(task).saveCard(cardOf('risk/person'))).rejects.toThrow('row-level security');
    await expect(
      new RunLog(task).create({ id: 'x', kind: 'train', model: 'risk/person', options: {} }),
    ).rejects.toThrow('row-level security');
    await expect(packaging.pool.query('delete from platform.prediction')).rejects.toThrow('permission denied');
    await expect(packaging.pool.query('create table platform.mine (a int)')).rejects.toThrow('permission denied');
  });

  it('say who was refused and what to check, without the password', async () => {
    const url = new URL(scratch.url);
    url.password = 'wrong-secret';
    const refused = connectDatabase({ url: url.href });
    await expect(refused).rejects.toMatchObject({ code: 'DATABASE_REFUSED' });
    await expect(refused).rejects.not.toThrow('wrong-secret');
    url.port = '1';
    await expect(connectDatabase({ url: url.href })).rejects.toMatchObject({ code: 'DATABASE_UNREACHABLE' });
  });
});
