import { join } from 'node:path';
import { connectDatabase, contentStore, dataRevision, type Database } from '@haat/data-access';
import { importRisk, InferenceStore } from '@haat/risk/store';
import { simulateCity, writeOutbreak } from '@haat/simulators';
import { trainingRecords, type TrainingRecords } from '@haat/training/activities';
import type { InferResult } from '@haat/workflows';
import { inferInput, replayInput, startRun, startTraining, trainInput } from '@haat/workflows/client';
import { recordHistory } from './testing/recorded.histories.ts';
import { startScratchPlatform, type ScratchPlatform } from './testing/scratch.platform.ts';
import { killWorker, startWorkerProcess, type WorkerPlace } from './testing/worker.process.ts';

const asOf = '2026-03-31T12:00:00.000Z';
const options = { days: 21, sweeps: 25, burnIn: 5, explain: 20 };

describe('inference of risk', () => {
  let platform: ScratchPlatform;
  let database: Database;
  let records: TrainingRecords;
  let revision: string;
  const startWorker = () => startWorkerProcess('../main.ts', platform.env);
  const place = { startWorker } as WorkerPlace;

  beforeAll(async () => {
    platform = await startScratchPlatform();
    database = await connectDatabase({ url: platform.scratch.urls['haat_risk_task']! });
    records = trainingRecords(database);
    const world = simulateCity({ seed: 3, persons: 300, days: 28, external: 2e-3 });
    await writeOutbreak(world, '2026-03-31', join(platform.folder, 'world'), 'csv');
    await importRisk(database, join(platform.folder, 'world'), { validFrom: new Date('2026-01-01T00:00:00Z') });
    revision = String(await dataRevision(database, 'risk'));
    place.worker = await startWorker();
  }, 900_000);

  afterAll(async () => {
    await place.worker?.end('SIGTERM');
    await database?.close();
    await platform?.stop();
  });

  const input = (seed: number, idempotencyKey?: string) =>
    inferInput(
      { model: 'risk/transmission', asOf, seed, chains: 3, options, dataRevision: revision, idempotencyKey },
      new Date(),
    );
  async function begin(of: ReturnType<typeof input> | ReturnType<typeof replayInput>) {
    await startRun(platform.temporal, 'infer', of);
    return platform.temporal.client.workflow.getHandle<(input: unknown) => Promise<InferResult>>(of.runId).result();
  }
  /** With HAAT_RECORD_HISTORIES=1 the histories that the replay test reads are written anew. */
  async function keepHistory(name: string, id: string) {
    if (process.env['HAAT_RECORD_HISTORIES'] !== '1') return;
    recordHistory(name, await platform.temporal.client.workflow.getHandle(id).fetchHistory());
  }
  const stored = async () =>
    (await Array.fromAsync(contentStore(platform.env['ARTIFACTS_URL']!).list())).map(({ digest }) => digest).toSorted();
  const kept = async (run: string) => {
    const { rows } = await database.pool.query(
      `select person, risk, exposed, infectious, removed, error, r_hat, effective_samples,
         (select jsonb_agg(to_jsonb(s) - 'run' order by position) from risk.infection_source s where s.run = t.run and s.person = t.person) as sources
       from risk.timeline t where run = $1 order by person`,
      [run],
    );
    return rows;
  };

  it('says that there is nothing to infer by before a version is promoted', async () => {
    const of = input(1);
    await expect(begin(of)).rejects.toThrow();
    await expect(records.runs.read(of.runId)).resolves.toMatchObject({
      state: 'failed',
      errorCode: 'NO_PARAMETERS',
    });
    await keepHistory('infer.failed', of.runId);
  });

  it('trains parameters as any model is trained, and judges them by tests that were held out', async () => {
    const train = trainInput({ model: 'risk/transmission', asOf, dataRevision: revision }, new Date());
    const { result } = await startTraining(platform.temporal, train);
    const { ref, metrics, promoted } = await result();
    expect(promoted).toBe(true);
    expect(metrics['log_loss']).toBeLessThan(metrics['base_log_loss']!);
    await expect(records.registry.champion('risk/transmission')).resolves.toEqual(ref);
  });

  it('keeps what three chains say, and the same seed says the same when a worker is killed on the way', async () => {
    const one = input(5, 'one');
    const { metrics, ref } = await begin(one);
    expect(metrics).toMatchObject({ persons: 300 });
    const rows = await kept(one.runId);
    await keepHistory('infer.completed', one.runId);
    expect(rows).toHaveLength(300);
    await expect(new InferenceStore(database).newest()).resolves.toMatchObject({
      run: one.runId,
      ref,
      days: 21,
      chains: 3,
      seed: 5,
      firstDay: '2026-03-11',
    });

    const two = input(5, 'two');
    const before = await stored();
    const ended = begin(two);
    for (;;) {
      const { step, fraction } = await records.runs.read(two.runId).catch(() => ({ step: null, fraction: null }));
      if (step === 'sample' && fraction !== null) break;
      await new Promise((resume) => setTimeout(resume, 5));
    }
    await killWorker(place);
    await expect(ended).resolves.toMatchObject({ metrics });
    expect(await kept(two.runId)).toEqual(rows);
    expect(await stored()).toEqual(before);
    const other = input(6);
    await begin(other);
    expect(await kept(other.runId)).not.toEqual(rows);
  }, 300_000);

  it('gives an answer that was kept again from what was known then, whatever came later, and says where it is another one', async () => {
    const one = input(5, 'one');
    const before = await kept(one.runId);
    const later = join(platform.folder, 'later');
    await writeOutbreak(simulateCity({ seed: 4, persons: 320, days: 28, external: 5e-3 }), '2026-03-31', later, 'csv');
    await importRisk(database, later, { validFrom: new Date('2026-01-01T00:00:00Z') });
    await records.lifecycle.promote('risk/transmission', await another(), {
      actor: { subject: 'user:asha', origin: 'test' },
    });
    const replay = replayInput(one);
    await expect(begin(replay)).resolves.toMatchObject({ metrics: { differing: 0 }, ref: { version: 1 } });
    expect(await kept(one.runId)).toEqual(before);
    expect(await kept(replay.runId)).toEqual([]);
    await keepHistory('infer.replayed', replay.runId);

    const owner = await connectDatabase({ url: platform.scratch.url });
    await owner.pool.query('update risk.timeline set risk = 0.5 where run = $1 and person = $2', [
      one.runId,
      (before[7] as { person: number }).person,
    ]);
    await owner.close();
    const changed = replayInput(one, 'again');
    await expect(begin(changed)).rejects.toThrow();
    await expect(records.runs.read(changed.runId)).resolves.toMatchObject({
      state: 'failed',
      errorCode: 'REPLAY_DIFFERS',
      errorMessage: expect.stringMatching(
        /does not come out the same, 1 of 300 differ: risk in 1 \(by up to [\d.]+; run infer\/[^:]+: 0.5 was served, [\d.e-]+ comes out\)$/,
      ),
    });
  }, 300_000);

  /** Another version, which would answer otherwise. */
  async function another(): Promise<number> {
    const train = trainInput(
      { model: 'risk/transmission', asOf, options: { scale: 2 }, promote: 'never', dataRevision: revision },
      new Date(),
    );
    const { result } = await startTraining(platform.temporal, train);
    return (await result()).ref.version;
  }
});
