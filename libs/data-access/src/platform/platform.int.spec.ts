import { connectDatabase, type Database } from '../database/database.connection.ts';
import { faultRounds, startScratchDatabase, type ScratchDatabase } from '../testing/index.ts';
import { sampleCard, sampleVersion } from '../testing/sample.version.ts';
import { aliasSource } from './alias.source.ts';
import { auditAccess, domainAccess, registryAccess } from './domain.access.ts';
import { ModelLifecycle } from './model.lifecycle.ts';
import { ModelRegistry } from './model.registry.ts';
import { PredictionLog } from './prediction.log.ts';
import { RunLog } from './run.log.ts';

let scratch: ScratchDatabase;
let platform: Database;
let packaging: Database;
let task: Database;

beforeAll(async () => {
  scratch = await startScratchDatabase();
  const owner = await connectDatabase({ url: scratch.url });
  for (const statement of [...domainAccess('packaging'), ...auditAccess('packaging'), ...registryAccess('packaging')])
    await owner.pool.query(statement);
  await owner.close();
  platform = await connectDatabase({ url: scratch.urls['haat_platform']! });
  packaging = await connectDatabase({ url: scratch.urls['haat_packaging']! });
  task = await connectDatabase({ url: scratch.urls['haat_packaging_task']! });
});

afterAll(async () => {
  for (const database of [platform, packaging, task]) await database?.close();
  await scratch?.stop();
});

const deed = { actor: { subject: 'user:asha', origin: 'test' } };

describe('the model registry', () => {
  it('numbers versions in order, once a run, also when runs register at the same time', async () => {
    const registry = new ModelRegistry(task);
    await registry.saveCard(sampleCard('packaging/damage'));
    const runs = ['r1', 'r2', 'r3', 'r1', 'r2'];
    const registered = await Promise.all(runs.map((run) => registry.register(sampleVersion(run))));
    expect(registered[3]!.version).toBe(registered[0]!.version);
    expect([...new Set(registered.map(({ version }) => version))].sort()).toEqual([1, 2, 3]);
    expect((await registry.versions('packaging/damage', 2)).map(({ version }) => version)).toEqual([3, 2]);
    expect(await registry.version('packaging/damage', 1)).toMatchObject({
      bytes: 5,
      datasetRows: 70,
      dataRevision: 12,
      metrics: { logLoss: 0.25 },
      gatesPassed: true,
      asOf: new Date('2026-01-02T03:04:05Z'),
    });
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

describe('the alias source', () => {
  it('tells of a promotion, and of one that it missed while its connection was broken', async () => {
    const lifecycle = new ModelLifecycle(platform);
    const promote = (version: number) => lifecycle.promote('packaging/damage', version, deed);
    await promote(1);
    const source = aliasSource(packaging, { pollMs: 60_000, reconnectMs: 50 });
    const told: string[] = [];
    const untilTold = async (times: number) => {
      while (told.length < times) await new Promise((resolve) => setTimeout(resolve, 10));
    };
    source.onChange((model, alias) => told.push(`${model} ${alias}`));
    const admin = await connectDatabase({ url: scratch.adminUrl });
    const listening = async () => {
      const { rows } = await admin.pool.query(`select pid from pg_stat_activity where query = 'listen haat_alias'
        or (application_name = 'haat-listen' and state = 'idle')`);
      return rows.length > 0;
    };
    while (!(await listening())) await new Promise((resolve) => setTimeout(resolve, 10));
    await promote(3);
    await untilTold(1);
    expect((await source.holder('packaging/damage', 'champion'))?.version).toBe(3);

    await admin.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'haat-listen'`,
    );
    await promote(2);
    await untilTold(2);
    await lifecycle.assign('packaging/damage', 'shadow', 1, deed);
    await untilTold(3);
    expect(told).toEqual(['packaging/damage champion', 'packaging/damage champion', 'packaging/damage shadow']);
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
    const ids = await log.record(ref, { asOf, revision: 5 }, [
      { input: { product: 'p1', name: 'नमस्ते "x"' }, output: { probability: [0.1, 0.05] } },
      { input: null, output: [1e-300] },
    ]);
    packaging.pool.query = query;
    expect(statements).toHaveLength(1);
    expect(await log.read(ids[0]!)).toMatchObject({
      ...ref,
      asOf,
      revision: 5,
      input: { product: 'p1', name: 'नमस्ते "x"' },
      output: { probability: [0.1, 0.05] },
    });
    expect(await log.read(ids[1]!)).toMatchObject({ input: null, output: [1e-300] });
    expect(await log.read('not-an-id')).toBeNull();
    expect(await log.read('019b0000-0000-7000-8000-000000000000')).toBeNull();
  });

  const clocks = faultRounds({ short: 1, long: 5, secondsEach: 30 });
  it(
    'records on a clock that was set back, says when it is days astray, and goes on when it is right again',
    async () => {
      const { rows } = await packaging.pool.query<{ now: Date }>('select now()');
      const right = rows[0]!.now.getTime();
      const hour = 3_600_000;
      let time = right;
      const log = new PredictionLog(packaging, () => new Date(time));
      const record = () => log.record(ref, { asOf: new Date(right), revision: 0 }, [{ input: {}, output: {} }]);
      const { rounds, each, chance, report } = clocks;
      const ids: string[] = [];
      for (const _ of each()) {
        for (const shift of [0, -20 * chance(), -1, 30 * chance()]) {
          time = right + shift * hour;
          ids.push(...(await record()));
        }
        for (const days of [-30 - 60 * chance(), 60 + 300 * chance()]) {
          time = right + days * 24 * hour;
          await expect(record()).rejects.toMatchObject({ code: 'CLOCK_ASTRAY', blame: 'retry' });
        }
        time = right;
        ids.push(...(await record()));
      }
      const found = await Promise.all(ids.map((id) => log.read(id)));
      const missing = ids.filter((id, at) => found[at]?.id !== id);
      const double = ids.length - new Set(ids).size;
      report('clock-set-back', {
        happened: `set back by hours (recorded all the same), by weeks (refused), and right again; ${ids.length} predictions`,
        lost: missing.length,
        double,
        codes: ['CLOCK_ASTRAY'],
      });
      expect({ missing, double, all: ids.length }).toEqual({ missing: [], double: 0, all: rounds * 5 });
    },
    clocks.timeoutMs,
  );

  it('refuses a domain to write or read predictions of another', async () => {
    const foreign = new PredictionLog(packaging).record(
      { ...ref, model: 'risk/person' },
      { asOf: new Date(), revision: 0 },
      [{ input: {}, output: {} }],
    );
    await expect(foreign).rejects.toThrow('row-level security');
    const [id] = await new PredictionLog(platform).record(
      { ...ref, model: 'risk/person' },
      { asOf: new Date(), revision: 0 },
      [{ input: {}, output: {} }],
    );
    expect(await new PredictionLog(packaging).read(id!)).toBeNull();
    expect(await new PredictionLog(platform).read(id!)).not.toBeNull();
  });
});

describe('roles', () => {
  it('keep a domain to its own: no promotion by the app, no version, run or revision of another domain by the task', async () => {
    await expect(new ModelLifecycle(packaging).promote('packaging/damage', 1, deed)).rejects.toThrow(
      'permission denied',
    );
    await expect(new ModelRegistry(task).saveCard(sampleCard('risk/person'))).rejects.toThrow('row-level security');
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
