import { join } from 'node:path';
import { connectDatabase, dataRevision, RunFeed, type Database } from '@haat/data-access';
import { plannedExperiment, runPolicy } from '@haat/risk/policy';
import { importRisk, PolicyStore } from '@haat/risk/store';
import { simulateCity, writeOutbreak } from '@haat/simulators';
import { trainingRecords, type TrainingRecords } from '@haat/training/activities';
import type { SimulateResult } from '@haat/workflows';
import { cancelRun, simulateInput, startRun, startTraining, trainInput } from '@haat/workflows/client';
import { recordHistory } from './testing/recorded.histories.ts';
import { startScratchPlatform, type ScratchPlatform } from './testing/scratch.platform.ts';
import { killWorker, startWorkerProcess, type WorkerPlace } from './testing/worker.process.ts';

const asOf = '2026-03-31T12:00:00.000Z';
const risk = { name: 'risk', kind: 'risk', warmUp: 2, sweeps: 4, isolate: 0.1, horizon: 10 } as const;
const options = {
  persons: 60,
  days: 30,
  start: 5,
  capacity: 2,
  // Longer names first: jsonb would keep fields of an object by the length of their names.
  policies: [
    { name: 'tracing, a week', kind: 'tracing', quarantineDays: 7, lookBack: 5, depth: 2 },
    { name: 'nothing', kind: 'none' },
    risk,
    { name: '7', kind: 'symptoms', quarantineDays: 7 },
  ],
};

describe('simulation of policies', () => {
  let platform: ScratchPlatform;
  let database: Database;
  let records: TrainingRecords;
  let policies: PolicyStore;
  const place = { startWorker: () => startWorkerProcess('../main.ts', platform.env) } as WorkerPlace;

  beforeAll(async () => {
    platform = await startScratchPlatform();
    database = await connectDatabase({ url: platform.scratch.urls['haat_risk_task']! });
    records = trainingRecords(database);
    policies = new PolicyStore(database);
    place.worker = await place.startWorker();
  }, 900_000);

  afterAll(async () => {
    await place.worker?.end('SIGTERM');
    await database?.close();
    await platform?.stop();
  });

  const input = (seeds: number, version: number | null, wish: object = options) =>
    simulateInput({ model: 'risk/transmission', options: { ...wish }, seed: 7, seeds, version });
  /** Starts a run with what was written down of it, as the platform does. */
  async function begin(of: ReturnType<typeof input>) {
    const { runId: id, model } = of;
    const { options: written } = await records.runs.create({ id, kind: 'simulate', model, options: { ...of.options } });
    await startRun(platform.temporal, 'simulate', { ...of, options: written });
    return platform.temporal.client.workflow.getHandle<(input: unknown) => Promise<SimulateResult>>(of.runId).result();
  }
  /** With HAAT_RECORD_HISTORIES=1 the histories that the replay test reads are written anew. */
  async function keepHistory(name: string, id: string) {
    if (process.env['HAAT_RECORD_HISTORIES'] !== '1') return;
    recordHistory(name, await platform.temporal.client.workflow.getHandle(id).fetchHistory());
  }
  const outcomesOf = async (run: string) => policies.outcomes(await policies.planned(run));

  it('says that there are no parameters before a version is promoted', async () => {
    const of = input(2, null);
    await expect(begin(of)).rejects.toThrow();
    await expect(records.runs.read(of.runId)).resolves.toMatchObject({ state: 'failed', errorCode: 'NO_PARAMETERS' });
    await keepHistory('simulate.failed', of.runId);
  });

  it('learns the rates as any model is trained, and tells on the way how far it is', async () => {
    const world = simulateCity({ seed: 3, persons: 200, days: 28, external: 3e-3 });
    await writeOutbreak(world, '2026-03-31', join(platform.folder, 'world'), 'csv');
    await importRisk(database, join(platform.folder, 'world'), { validFrom: new Date('2026-01-01T00:00:00Z') });
    const train = trainInput(
      {
        model: 'risk/transmission',
        asOf,
        options: { learn: true, steps: 30, sweeps: 4, errorSweeps: 40, external: 1e-3 },
        dataRevision: String(await dataRevision(database, 'risk')),
      },
      new Date(),
    );
    const feed = new RunFeed(database);
    const { result } = await startTraining(platform.temporal, train);
    for (;;) {
      if ((await records.runs.read(train.runId).catch(() => null)) !== null) break;
      await new Promise((resume) => setTimeout(resume, 5));
    }
    const words: (string | null)[] = [];
    for await (const { step, message } of await feed.follow(train.runId)) if (step === 'fit') words.push(message);
    await feed.close();
    expect(words).toEqual(
      expect.arrayContaining([expect.stringMatching(/^(step \d+ of 30|standard errors, sweep \d+ of 160)$/)]),
    );
    await expect(result()).resolves.toMatchObject({ promoted: true });
  }, 300_000);

  it('keeps what each policy comes to on each seed, also when a worker is killed on the way', async () => {
    const of = input(4, 1);
    const ended = begin(of);
    for (;;) {
      if ((await policies.done(of.runId)) >= 2) break;
      await new Promise((resume) => setTimeout(resume, 5));
    }
    await killWorker(place);
    const { ref, metrics } = await ended;
    expect(ref).toMatchObject({ model: 'risk/transmission', version: 1 });
    const experiment = plannedExperiment(await policies.planned(of.runId));
    const expected = [7, 8, 9, 10].flatMap((seed) =>
      options.policies.map(({ name }) => runPolicy(experiment, name, seed)),
    );
    expect(await outcomesOf(of.runId)).toEqual(expected);
    const mean = (policy: string) => {
      const own = expected.filter((one) => one.policy === policy);
      return expect.closeTo(own.reduce((sum, { infected }) => sum + infected, 0) / own.length, 12);
    };
    expect(metrics).toEqual({
      runs: 16,
      ...Object.fromEntries(options.policies.map(({ name }) => [`infected: ${name}`, mean(name)])),
    });
    await expect(records.runs.read(of.runId)).resolves.toMatchObject({ kind: 'simulate', state: 'completed', metrics });
    await keepHistory('simulate.completed', of.runId);
  }, 300_000);

  it('stops when it is cancelled, and what came up to then stays', async () => {
    const of = input(40, 1, { ...options, days: 60, policies: [risk] });
    const ended = begin(of).catch((failure: unknown) => failure);
    for (;;) {
      if ((await policies.done(of.runId)) >= 1) break;
      await new Promise((resume) => setTimeout(resume, 5));
    }
    await cancelRun(platform.temporal, of.runId);
    await ended;
    await expect(records.runs.read(of.runId)).resolves.toMatchObject({
      state: 'cancelled',
      errorCode: 'RUN_CANCELLED',
    });
    const came = await outcomesOf(of.runId);
    expect(came.length).toBeLessThan(40);
    const experiment = plannedExperiment(await policies.planned(of.runId));
    expect(came[0]).toEqual(runPolicy(experiment, 'risk', came[0]!.seed));
    await keepHistory('simulate.cancelled', of.runId);
  }, 300_000);

  it('refuses policies that make no sense before anything is simulated', async () => {
    const of = input(2, 1, {
      ...options,
      policies: [{ name: 'some', kind: 'tracing', quarantineDays: 0, lookBack: 1, depth: 1 }],
    });
    await expect(begin(of)).rejects.toThrow();
    await expect(records.runs.read(of.runId)).resolves.toMatchObject({
      errorCode: 'INVALID_OPTIONS',
      errorMessage: expect.stringContaining('policies.0.quarantineDays'),
    });
    await expect(policies.planned(of.runId)).rejects.toMatchObject({ code: 'UNKNOWN_SIMULATION' });
  });

  it('refuses more work than the limits allow before anything is simulated', async () => {
    const of = input(2, 1, { ...options, persons: 100_000, days: 200 });
    await expect(begin(of)).rejects.toThrow();
    await expect(records.runs.read(of.runId)).resolves.toMatchObject({
      errorCode: 'INVALID_EXPERIMENT',
      errorMessage: expect.stringContaining('at most 100000000, got 100000 x 200 x 6 = 120000000'),
    });
    await expect(policies.planned(of.runId)).rejects.toMatchObject({ code: 'UNKNOWN_SIMULATION' });
  });
});
