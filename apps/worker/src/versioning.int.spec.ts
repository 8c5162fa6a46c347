import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  cancelRun,
  describeRun,
  makeBuildCurrent,
  startTraining,
  trainInput,
  workerBuilds,
  type StartedRun,
} from '@haat/workflows/client';
import { startScratchPlatform, type ScratchPlatform } from './testing/scratch.platform.ts';
import { startWorkerProcess, type WorkerProcess } from './testing/worker.process.ts';

let platform: ScratchPlatform;
const workers: WorkerProcess[] = [];

beforeAll(async () => void (platform = await startScratchPlatform()), 900_000);
afterAll(async () => {
  for (const worker of workers) await worker.end('SIGTERM');
  await platform?.stop();
});

/** Starts a worker of a build, waits until Temporal knows it, and lets new runs begin on it. */
async function deploy(build: string): Promise<WorkerProcess> {
  const worker = await startWorkerProcess('./toy.worker.ts', { ...platform.env, WORKER_BUILD_ID: build });
  workers.push(worker);
  while (!(await workerBuilds(platform.temporal)).some(({ buildId }) => buildId === build)) await sleep(50);
  await untilCurrent(build);
  return worker;
}

/** A build is made current when workers of all its queues have polled. */
async function untilCurrent(build: string): Promise<void> {
  for (;;) {
    try {
      return await makeBuildCurrent(platform.temporal, build);
    } catch (refused) {
      expect(refused).toMatchObject({ code: 'UNKNOWN_BUILD' });
      await sleep(100);
    }
  }
}

const begin = (options: Record<string, unknown>) =>
  startTraining(
    platform.temporal,
    trainInput(
      { model: 'packaging/toy', options, dataRevision: '1', idempotencyKey: randomUUID() },
      new Date('2026-01-01T00:00:00Z'),
    ),
  );

async function untilFits({ runId }: StartedRun): Promise<void> {
  while (!/^step/.test((await platform.runs.read(runId).catch(() => null))?.message ?? '')) await sleep(20);
}

/** Processes of the workers that took the tasks of a run. */
async function takersOf({ runId }: StartedRun): Promise<string[]> {
  const { events } = await platform.temporal.client.workflow.getHandle(runId).fetchHistory();
  const identities = (events ?? []).flatMap((event) => [
    event.activityTaskStartedEventAttributes?.identity ?? [],
    event.workflowTaskStartedEventAttributes?.identity ?? [],
  ]);
  return [...new Set(identities.flat().map((identity) => identity.split('@')[0]!))];
}

describe('a worker of a new build', () => {
  it('leaves the runs of the old build to its workers, and takes those that begin afterwards', async () => {
    const old = await deploy('2026.1');
    const long = await begin({ steps: 100_000, millisecondsPerStep: 50 });
    await untilFits(long);

    const next = await deploy('2026.2');
    const short = await begin({ steps: 2, loss: 0.4 });
    await short.result();
    await expect(describeRun(platform.temporal, long.runId)).resolves.toMatchObject({ state: 'running' });
    await cancelRun(platform.temporal, long.runId);
    await expect(long.result()).rejects.toMatchObject({ code: 'RUN_CANCELLED' });
    await expect(platform.runs.read(long.runId)).resolves.toMatchObject({ state: 'cancelled' });

    expect(await takersOf(long)).toEqual([String(old.pid)]);
    expect(await takersOf(short)).toEqual([String(next.pid)]);
    expect(await workerBuilds(platform.temporal)).toEqual([
      { buildId: '2026.2', current: true, state: 'current' },
      { buildId: '2026.1', current: false, state: expect.stringMatching(/^drain(ing|ed)$/) },
    ]);
  }, 120_000);

  it('can be turned back from', async () => {
    await makeBuildCurrent(platform.temporal, '2026.1');
    const run = await begin({ steps: 2, loss: 0.3 });
    await run.result();
    expect(await takersOf(run)).toEqual([String(workers[0]!.pid)]);
    await expect(makeBuildCurrent(platform.temporal, 'never started')).rejects.toMatchObject({ code: 'UNKNOWN_BUILD' });
  }, 60_000);
});
