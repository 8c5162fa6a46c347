import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AuditTrail, connectDatabase, contentStore, type Database } from '@haat/data-access';
import { faultRounds } from '@haat/data-access/testing';
import { trainSteps, type TrainResult } from '@haat/workflows';
import {
  cancelRun,
  describeRun,
  signalDecision,
  startTraining,
  stepOfRun,
  trainInput,
  type StartedRun,
  type TrainRequest,
} from '@haat/workflows/client';
import { recordHistory } from './testing/recorded.histories.ts';
import { startScratchPlatform, type ScratchPlatform } from './testing/scratch.platform.ts';
import { startWorkerProcess, type WorkerProcess } from './testing/worker.process.ts';

let platform: ScratchPlatform;
let worker: WorkerProcess;
let owner: Database;
let audit: AuditTrail;

const startWorker = () => startWorkerProcess('./toy.worker.ts', platform.env);

beforeAll(async () => {
  platform = await startScratchPlatform();
  owner = await connectDatabase({ url: platform.scratch.urls['haat_platform']! });
  audit = new AuditTrail(owner);
  worker = await startWorker();
}, 900_000);

afterAll(async () => {
  await worker?.end('SIGTERM');
  await owner?.close();
  await platform?.stop();
});

const inputOf = (options: Record<string, unknown>, over: Partial<TrainRequest> = {}) =>
  trainInput(
    { model: 'packaging/toy', options, dataRevision: '1', idempotencyKey: randomUUID(), ...over },
    new Date('2026-01-01T00:00:00Z'),
  );
const start = (options: Record<string, unknown>, over?: Partial<TrainRequest>) =>
  startTraining(platform.temporal, inputOf(options, over));
const train = async (options: Record<string, unknown>): Promise<TrainResult> => (await start(options)).result();
/** With HAAT_RECORD_HISTORIES=1 the histories that the replay test reads are written anew. */
const keepHistory = async (name: string, run: StartedRun) => {
  if (process.env['HAAT_RECORD_HISTORIES'] === '1') recordHistory(name, await historyOf(run));
};
const historyOf = ({ runId }: StartedRun) => platform.temporal.client.workflow.getHandle(runId).fetchHistory();

/** The fit's own process, from the progress that it writes to the run's row. */
async function fitProcess({ runId }: StartedRun): Promise<number> {
  for (;;) {
    const { message } = await platform.runs.read(runId).catch(() => ({ message: null }));
    const pid = /in process (\d+)/.exec(message ?? '')?.[1];
    if (pid !== undefined) return Number(pid);
    await sleep(20);
  }
}

async function untilAsked({ runId }: StartedRun): Promise<void> {
  while ((await platform.approvals.ofRuns([runId])).length === 0) await sleep(20);
}

/** The step that the toy has told last; -1 before the first. */
async function stepReached({ runId }: StartedRun): Promise<number> {
  const { message } = await platform.runs.read(runId);
  return Number(/^step (\d+)/.exec(message ?? '')?.[1] ?? -1);
}

async function untilGone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await sleep(20);
  }
}

describe('training through Temporal', () => {
  it('snapshots, fits, evaluates, judges, registers and promotes; the row of the run tells it', async () => {
    const run = await start({ steps: 2, loss: 0.5 });
    const result = await run.result();
    expect(result).toMatchObject({
      ref: { model: 'packaging/toy', version: 1 },
      metrics: { loss: 0.5 },
      gates: [{ passed: true }, { passed: true, evidence: 'no champion yet' }],
      promoted: true,
      promotion: 'promoted',
    });
    await expect(platform.registry.champion('packaging/toy')).resolves.toEqual(result.ref);
    const row = await platform.runs.read(run.runId);
    expect(row).toMatchObject({ state: 'completed', metrics: { loss: 0.5 }, errorCode: null });
    expect(row.steps.map(({ step }) => step)).toEqual(trainSteps.filter((step) => step !== 'approve'));
    expect(row.steps.every(({ finishedAt }) => finishedAt !== null)).toBe(true);
    await expect(platform.registry.versionOfRun(run.runId)).resolves.toMatchObject({
      digest: result.ref.digest,
      datasetRows: 3,
      gatesPassed: true,
    });
    await expect(describeRun(platform.temporal, run.runId)).resolves.toMatchObject({ state: 'completed' });
    await expect(stepOfRun(platform.temporal, run.runId)).resolves.toBe('promote');
    expect(worker.lines.filter(({ level }) => level === 'error' || level === 'fatal')).toEqual([]);
    await keepHistory('train.completed', run);
  });

  const { rounds, each, timeoutMs, report } = faultRounds({ short: 1, long: 5, secondsEach: 60 });
  it(
    'runs once when it is started a hundred times at once, and again after it has ended',
    async () => {
      const seen: { starts: number; results: number; versions: number }[] = [];
      for (const _ of each()) {
        const input = inputOf({ loss: 0.4 });
        const crowd = Array.from({ length: 100 }, () => startTraining(platform.temporal, input));
        const runs = [...(await Promise.all(crowd))];
        const results = await Promise.all(runs.map((run) => run.result()));
        runs.push(await startTraining(platform.temporal, input));
        results.push(await runs.at(-1)!.result());
        const versions = await platform.registry.versions('packaging/toy', 100);
        seen.push({
          starts: runs.filter(({ started }) => started).length,
          results: new Set(results.map((result) => JSON.stringify(result))).size,
          versions: versions.filter(({ runId }) => runId === input.runId).length,
        });
      }
      report('training-started-at-once', {
        happened: `${rounds} runs, 100 starts of each at once and one more after its end`,
        lost: seen.filter(({ starts, versions }) => starts === 0 || versions === 0).length,
        double: seen.filter(({ starts, versions }) => starts > 1 || versions > 1).length,
        failed: seen.filter(({ results }) => results !== 1).length,
      });
      expect(seen).toEqual(seen.map(() => ({ starts: 1, results: 1, versions: 1 })));
    },
    timeoutMs,
  );

  it.each([
    ['an absolute gate', { loss: 5 }, 'loss <= 1'],
    ['the comparison with the champion', { loss: 0.9 }, 'loss no worse than champion'],
  ])('registers but does not promote what fails %s', async (_which, options, gate) => {
    const champion = await platform.registry.champion('packaging/toy');
    const result = await train(options);
    expect(result.promoted).toBe(false);
    expect(result.gates.filter(({ passed }) => !passed).map((failed) => failed.gate)).toContain(gate);
    await expect(platform.registry.champion('packaging/toy')).resolves.toEqual(champion);
    await expect(
      platform.lifecycle.promote('packaging/toy', result.ref.version, {
        actor: { subject: 'user:asha', origin: 'test' },
      }),
    ).rejects.toMatchObject({
      code: 'GATES_NOT_PASSED',
    });
  });

  it('does not promote where the policy is never to', async () => {
    const run = await start({ loss: 0.1 }, { promote: 'never' });
    await expect(run.result()).resolves.toMatchObject({ promoted: false, gates: [{ passed: true }, { passed: true }] });
  });

  it.each(['approved', 'rejected'] as const)('waits for an operator, and goes on as it was %s', async (state) => {
    const champion = await platform.registry.champion('packaging/toy');
    const run = await start(
      { loss: 0.3 },
      { promote: 'when-approved', actor: { subject: 'user:ravi', origin: 'test' } },
    );
    await untilAsked(run);
    await expect(platform.runs.read(run.runId)).resolves.toMatchObject({ state: 'running', step: 'approve' });
    await expect(platform.registry.champion('packaging/toy')).resolves.toEqual(champion);
    const actor = { subject: 'user:asha', origin: '10.0.0.9' };
    await platform.approvals.decide(run.runId, state, { actor, reason: 'seen' });
    for (const _twice of [1, 2]) await signalDecision(platform.temporal, run.runId, { state, actor, reason: 'seen' });
    const approved = state === 'approved';
    const result = await run.result();
    expect(result).toMatchObject({ promoted: approved, promotion: approved ? 'promoted' : 'rejected' });
    await expect(platform.registry.champion('packaging/toy')).resolves.toEqual(approved ? result.ref : champion);
    await expect(platform.registry.versionOfRun(run.runId)).resolves.toMatchObject({ version: result.ref.version });
    const subject = `packaging/toy@${result.ref.version}`;
    const told = (await audit.page(9, { subject })).map(({ action, actor: who, reason }) => [action, who, reason]);
    expect(told).toEqual([
      ...(approved ? [['model.promote', 'user:asha', 'seen']] : []),
      [`promotion.${approved ? 'approve' : 'reject'}`, 'user:asha', 'seen'],
    ]);
    expect(await audit.page(9, { subject: run.runId })).toMatchObject([{ action: 'train.start', actor: 'user:ravi' }]);
    await keepHistory(`train.${state}`, run);
  });

  it('waits no longer than its policy says: registered, not promoted, and the run completes saying so', async () => {
    const run = await start({}, { model: 'packaging/hasty' });
    const result = await run.result();
    expect(result).toMatchObject({ promoted: false, promotion: 'expired', ref: { version: 1 } });
    await expect(platform.registry.champion('packaging/hasty')).resolves.toBeNull();
    await expect(platform.approvals.ofRuns([run.runId])).resolves.toMatchObject([{ state: 'expired' }]);
    const row = await platform.runs.read(run.runId);
    expect(row).toMatchObject({ state: 'completed', result: { promotion: 'expired' } });
    expect(row.steps.map(({ step }) => step)).toEqual(trainSteps.filter((step) => step !== 'promote'));
    await keepHistory('train.expired', run);
  });

  it('does not wait for a version whose gates failed, and stops waiting when it is cancelled', async () => {
    const failing = await start({ loss: 5 }, { promote: 'when-approved' });
    await expect(failing.result()).resolves.toMatchObject({ promoted: false, promotion: 'gates-not-passed' });
    await expect(platform.approvals.ofRuns([failing.runId])).resolves.toEqual([]);
    const run = await start({ loss: 0.3 }, { promote: 'when-approved' });
    await untilAsked(run);
    await cancelRun(platform.temporal, run.runId);
    await expect(run.result()).rejects.toMatchObject({ code: 'RUN_CANCELLED' });
    await expect(platform.approvals.ofRuns([run.runId])).resolves.toMatchObject([{ state: 'cancelled' }]);
  });

  it.each([
    ['refuses', 'TOY_REFUSED', /^The toy refuses$/],
    ['throws', 'FIT_FAILED', /TypeError: the toy broke/],
    ['diverges', 'FIT_DIVERGED', /not a number/],
  ])('fails at the first attempt when the fit %s, and says why in the row', async (ending, code, message) => {
    const run = await start({ ending });
    await expect(run.result()).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    await expect(platform.runs.read(run.runId)).resolves.toMatchObject({
      state: 'failed',
      step: 'fit',
      errorCode: code,
      errorMessage: expect.stringMatching(message),
    });
    if (ending === 'refuses') await keepHistory('train.failed', run);
  });

  it('fails by a typed error on a model that nobody here trains, and on options that the model does not know', async () => {
    await expect(start({ steps: 'many' }).then((run) => run.result())).rejects.toMatchObject({
      code: 'INVALID_OPTIONS',
    });
    const unknown = await start({}, { model: 'packaging/nothing' });
    await expect(unknown.result()).rejects.toMatchObject({ code: 'UNKNOWN_TRAINER' });
  });

  it('refuses what is too large for a history, on the way in and on the way out of a step', async () => {
    await expect(start({ padding: 'x'.repeat(70_000) })).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
    await expect(train({ furtherMetrics: 5_000 })).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
  });

  it('ends a cancelled fit within two heartbeats, and leaves no process', async () => {
    const run = await start({ steps: 1_000, millisecondsPerStep: 100 });
    const pid = await fitProcess(run);
    const before = await stepReached(run);
    await cancelRun(platform.temporal, run.runId);
    await expect(run.result()).rejects.toMatchObject({ code: 'RUN_CANCELLED' });
    await untilGone(pid);
    await expect(platform.runs.read(run.runId)).resolves.toMatchObject({ state: 'cancelled', step: 'fit' });
    await keepHistory('train.cancelled', run);
    // A step of the toy takes a tenth of a beat at the least.
    expect((await stepReached(run)) - before).toBeLessThanOrEqual(20);
  });

  it('is not moved by a cancel after the end', async () => {
    const run = await start({});
    await run.result();
    await cancelRun(platform.temporal, run.runId);
    await expect(describeRun(platform.temporal, run.runId)).resolves.toMatchObject({ state: 'completed' });
    await expect(cancelRun(platform.temporal, 'train/none')).rejects.toMatchObject({ code: 'UNKNOWN_WORKFLOW' });
  });

  it('has another worker finish the fit of one that was killed', async () => {
    const run = await start({ steps: 40, millisecondsPerStep: 100 });
    const pid = await fitProcess(run);
    await worker.end('SIGKILL');
    await untilGone(pid);
    worker = await startWorker();
    await expect(run.result()).resolves.toMatchObject({ metrics: { loss: 0.5 } });
    await expect(platform.runs.read(run.runId)).resolves.toMatchObject({ state: 'completed' });
    const { events } = await historyOf(run);
    const attempts = events!.map(({ activityTaskStartedEventAttributes: started }) => started?.attempt ?? 0);
    expect(Math.max(...attempts)).toBe(2);
  }, 60_000);

  it('goes on where a killed worker had come to, and keeps no checkpoint after the end', async () => {
    const run = await start({ steps: 40, millisecondsPerStep: 100, checkpointed: true });
    while ((await platform.checkpoints.latest(run.runId)) === null) await sleep(20);
    while ((await stepReached(run)) < 5) await sleep(20);
    await worker.end('SIGKILL');
    worker = await startWorker();
    const { metrics, ref } = await run.result();
    expect(metrics['begun']).toBeGreaterThan(0);
    await expect(platform.checkpoints.latest(run.runId)).resolves.toBeNull();
    const store = contentStore(platform.env['ARTIFACTS_URL']!);
    const versions = await platform.registry.versions('packaging/toy', 100);
    const { datasetDigest } = versions.find(({ version }) => version === ref.version)!;
    const since = (await platform.runs.read(run.runId)).createdAt;
    const stored = (await Array.fromAsync(store.list())).filter(({ storedAt }) => storedAt >= since);
    expect(stored.map(({ digest }) => digest).filter((digest) => digest !== datasetDigest)).toEqual([ref.digest]);
  }, 60_000);

  it('gives a fit back when its worker is told to stop, and loses nothing', async () => {
    const run = await start({ steps: 40, millisecondsPerStep: 100 });
    const pid = await fitProcess(run);
    await expect(worker.end('SIGTERM')).resolves.toBe(0);
    await untilGone(pid);
    worker = await startWorker();
    await expect(run.result()).resolves.toMatchObject({ metrics: { loss: 0.5 } });
    const { events } = await historyOf(run);
    const failures = events!.flatMap((event) => event.activityTaskStartedEventAttributes?.lastFailure ?? []);
    expect(failures).toHaveLength(1);
    expect(failures[0]!.timeoutFailureInfo ?? null).toBeNull();
  }, 60_000);

  it('shows health and the duration of its steps, and logs with the ids of the run', async () => {
    const run = await start({ ending: 'refuses' });
    await run.result().catch(() => undefined);
    expect((await fetch(`${worker.url}/health/ready`)).status).toBe(200);
    const metrics = await (await fetch(`${worker.url}/metrics`)).text();
    expect(metrics).toMatch(/haat_step_seconds_count\{[^}]*step="fit",outcome="failed"\} 1/);
    while (!worker.lines.some(({ workflowId }) => workflowId === run.runId)) await sleep(20);
  });

  it('left no file of a snapshot or of a fit behind, not even by the killed worker', () => {
    expect(readdirSync(join(platform.folder, 'tmp')).filter((name) => name.startsWith('haat-'))).toEqual([]);
  });
});
