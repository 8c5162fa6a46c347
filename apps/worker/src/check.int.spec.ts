import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AuditTrail, connectDatabase, contentStore, DriftLog, PredictionLog, type Database } from '@haat/data-access';
import { openModel } from '@haat/model-runtime';
import { encodeProducts, type DamageContext } from '@haat/packaging/model';
import { DamageService, heldModel } from '@haat/packaging/serving';
import { importPackaging, packagingStore } from '@haat/packaging/store';
import { simulatePackaging, writeWorld } from '@haat/simulators';
import {
  cancelRun,
  createSchedule,
  deleteSchedule,
  driftInput,
  skewInput,
  startDriftProfile,
  startSkewAudit,
  startTraining,
  trainInput,
  triggerSchedule,
} from '@haat/workflows/client';
import { recordHistory } from './testing/recorded.histories.ts';
import { startScratchPlatform, type ScratchPlatform } from './testing/scratch.platform.ts';
import { startWorkerProcess, type WorkerProcess } from './testing/worker.process.ts';

const model = 'packaging/damage';
const yesterday = new Date(Date.now() - 86_400_000);

describe('checks of what is served, through the worker as it is deployed', () => {
  let platform: ScratchPlatform;
  let worker: WorkerProcess;
  let service: DamageService;
  let held: Parameters<typeof heldModel>[0];
  let owner: Database;
  let ids: readonly string[];
  let close: () => Promise<void>;

  beforeAll(async () => {
    platform = await startScratchPlatform();
    owner = await connectDatabase({ url: platform.scratch.urls['haat_platform']! });
    await world(5, new Date('2025-01-01T00:00:00Z'));
    worker = await startWorkerProcess('../main.ts', platform.env);
    const asOf = '2026-01-01T00:00:00.000Z';
    const trained = await startTraining(platform.temporal, trainInput({ model, asOf, dataRevision: '1' }, new Date()));
    const { ref, promoted } = await trained.result();
    expect(promoted).toBe(true);
    const artifact = await contentStore(platform.env['ARTIFACTS_URL']!).get(ref.digest);
    const open = await openModel<DamageContext>(artifact, { encode: encodeProducts });
    close = () => open.close();
    // Recorded as of yesterday, so that the day is over.
    const recorder = new PredictionLog(platform.database, () => yesterday);
    held = { ref, open };
    service = new DamageService(heldModel(held), { recorder, chance: () => 0, share: 1 });
    const store = packagingStore(platform.database);
    ids = (await store.products(await store.horizon(new Date()))).id;
  }, 900_000);

  afterAll(async () => {
    await close?.();
    await owner?.close();
    await worker?.end('SIGTERM');
    await platform?.stop();
  });

  async function world(seed: number, validFrom: Date): Promise<void> {
    const folder = mkdtempSync(join(platform.folder, 'world-'));
    await writeWorld(simulatePackaging({ seed, products: 3_000 }), folder, 'csv');
    await importPackaging(platform.database, folder, { validFrom });
  }

  async function serve(of: readonly string[]): Promise<void> {
    const store = packagingStore(platform.database);
    await service.byId(store, of, await store.horizon(new Date()));
  }

  const window = { from: new Date(yesterday.getTime() - 1).toISOString(), to: new Date().toISOString() };
  const audit = (key: string, options: object = {}) =>
    startSkewAudit(
      platform.temporal,
      skewInput({ model, options: { ...window, ...options }, idempotencyKey: key }, new Date()),
    );
  const day = yesterday.toISOString().slice(0, 10);
  const profile = (key: string) =>
    startDriftProfile(platform.temporal, driftInput({ model, options: { day }, idempotencyKey: key }, new Date()));
  /** With HAAT_RECORD_HISTORIES=1 the histories that the replay test reads are written anew. */
  const keepHistory = async (name: string, { runId }: { runId: string }) => {
    if (process.env['HAAT_RECORD_HISTORIES'] !== '1') return;
    recordHistory(name, await platform.temporal.client.workflow.getHandle(runId).fetchHistory());
  };

  it.each([
    ['skew', audit],
    ['drift', profile],
  ] as const)('says that there is nothing to look at: %s', async (kind, start) => {
    const run = await start('empty');
    await expect(run.result()).rejects.toMatchObject({ code: 'NOTHING_RECORDED' });
    await expect(platform.runs.read(run.runId)).resolves.toMatchObject({ state: 'failed', kind });
    await expect(new DriftLog(platform.database).profiles(model, 9)).resolves.toEqual([]);
  });

  it('finds no skew in what was served, also after facts were corrected and a run is started twice', async () => {
    for (let at = 0; at < 900; at += 100) await serve(ids.slice(at, at + 100));
    await world(6, new Date('2025-01-01T00:00:00Z'));
    await serve(ids.slice(0, 100));
    const run = await audit('clean');
    const report = await run.result();
    expect(report).toMatchObject({ rows: 1_000, differing: 0, skew: [] });
    expect(report.shares).toMatchObject({ category: 0, weight_g: 0, fragile: 0, probability: 0, recommended: 0 });
    await expect(audit('clean')).resolves.toMatchObject({ runId: run.runId, started: false });
    const row = await platform.runs.read(run.runId);
    expect(row).toMatchObject({ state: 'completed', kind: 'skew', metrics: { rows: 1_000, weight_g: 0 } });
    expect(row.steps.map(({ step }) => step)).toEqual(['recompute', 'judge']);
    await keepHistory('skew.completed', run);
  }, 120_000);

  it('draws the sample that its seed says', async () => {
    const log = new PredictionLog(platform.database);
    const sample = async (seed: number) => {
      const found = await log.sample({ model, from: new Date(window.from), to: new Date(window.to) }, 50, seed);
      return found.map(({ id }) => id);
    };
    expect(await sample(1)).toEqual(await sample(1));
    expect(await sample(2)).not.toEqual(await sample(1));
    await expect((await audit('few', { rows: 50 })).result()).resolves.toMatchObject({ rows: 50 });
  });

  it('profiles a day of the training products without an alarm, and stores it once', async () => {
    await world(5, new Date('2025-01-02T00:00:00Z'));
    const run = await profile('calm');
    const { drifted, rows, referenceRows } = await run.result();
    expect(drifted).toEqual([]);
    expect(rows).toBeGreaterThanOrEqual(900);
    expect(referenceRows).toBeGreaterThan(2_000);
    await (await profile('again')).result();
    const profiles = await new DriftLog(platform.database).profiles(model, 9);
    expect(profiles).toMatchObject([{ model, day, rows, version: 1 }]);
    expect(profiles[0]!.features).toHaveLength(15);
    await keepHistory('drift.completed', run);
  }, 120_000);

  it('names the features of products that became heavier and dearer', async () => {
    const store = packagingStore(platform.database);
    const at = await store.horizon(new Date());
    const { facts } = await store.productPage(null, 2_000, {}, at);
    const heavier = { ...facts, weightG: facts.weightG.map((g) => 3 * g) };
    const shifted = {
      ...store,
      productsById: async () => heavier,
      catalogue: () => store.catalogue(at),
      promotedPlan: async () => new Map<string, string>(),
    };
    await service.byId(shifted, facts.id, at);
    const { drifted } = await (await profile('moved')).result();
    expect(drifted).toEqual(expect.arrayContaining(['log_weight', 'log_density']));
    expect(drifted).not.toContain('log_price');
    expect(drifted).not.toContain('category');
  }, 120_000);

  it('finds a planted skew, names the feature with examples, and keeps the report with the failed run', async () => {
    const run = await audit('planted', { rows: 100_000 });
    await expect(run.result()).rejects.toMatchObject({
      code: 'SKEW_FOUND',
      message: expect.stringMatching(
        /2000 of 3000 predictions come out otherwise: .*weight_g in 2000 \(by up to [\d.]+; prediction [0-9a-f-]{36}: [\d.]+ was served, [\d.]+ comes out\)/,
      ),
      details: { features: expect.arrayContaining(['weight_g', 'probability']) },
    });
    const row = await platform.runs.read(run.runId);
    expect(row).toMatchObject({ state: 'failed', errorCode: 'SKEW_FOUND', step: 'judge' });
    expect(row.metrics!['weight_g']).toBeCloseTo(2 / 3, 12);
    expect(row.metrics).toMatchObject({ length_cm: 0, category: 0 });
    await keepHistory('skew.failed', run);
  }, 120_000);

  it.each([
    ['skew', { rows: 50 }, { rows: 50, differing: 0 }],
    ['drift', { falseAlarms: 0.0001 }, { referenceRows: expect.any(Number) }],
  ] as const)('is made by a schedule of kind %s, as a run of its own, once a turn', async (kind, options, metrics) => {
    // One that falls into the 24 hours before the turn.
    const recorder = new PredictionLog(platform.database, () => new Date(Date.now() - 3_600_000));
    const store = packagingStore(platform.database);
    const recording = new DamageService(heldModel(held), { recorder, chance: () => 0, share: 1 });
    await recording.byId(store, ids.slice(0, 100), await store.horizon(new Date()));
    const name = `every-${kind}`;
    const times = { cron: '0 3 29 2 *', timeZone: 'Asia/Kolkata', overlap: 'SKIP' } as const;
    const before = Date.now();
    await createSchedule(platform.temporal, { name, wish: { kind, model, options }, ...times });
    await triggerSchedule(platform.temporal, name);
    const trail = new AuditTrail(owner);
    const entries = async () =>
      (await trail.page(100, { actor: 'system:schedule' })).filter(({ action }) => action === `${kind}.start`);
    while ((await entries()).length === 0) await sleep(20);
    const [entry] = await entries();
    const runId = entry!.subject;
    expect(entry!.origin).toBe(`schedule:${name}`);
    while ((await platform.runs.read(runId)).finishedAt === null) await sleep(20);
    const run = await platform.runs.read(runId);
    expect(run).toMatchObject({ kind, state: 'completed', metrics, options });
    const asked = run.options as { from?: string; to?: string; day?: string };
    if (kind === 'drift') expect(asked.day).toBe(day);
    else {
      expect(Date.parse(asked.to!) - Date.parse(asked.from!)).toBe(86_400_000);
      expect(Date.parse(asked.to!)).toBeGreaterThan(before);
    }
    await deleteSchedule(platform.temporal, name);
    expect(await entries()).toHaveLength(1);
  });

  it('is not started by who asks for a model that nobody monitors', async () => {
    const input = skewInput({ model: 'packaging/none', options: window }, new Date());
    await expect((await startSkewAudit(platform.temporal, input)).result()).rejects.toMatchObject({
      code: 'UNMONITORED_MODEL',
    });
  });

  it('ends when it is cancelled', async () => {
    await worker.end('SIGTERM');
    const run = await audit('cancelled');
    await cancelRun(platform.temporal, run.runId);
    worker = await startWorkerProcess('../main.ts', platform.env);
    await expect(run.result()).rejects.toMatchObject({ code: 'RUN_CANCELLED' });
  }, 120_000);
});
