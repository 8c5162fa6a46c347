import { setTimeout as sleep } from 'node:timers/promises';
import { contentStore } from '@haat/data-access';
import { isDomainError } from '@haat/kit';
import { AliasedModel, graphArtifacts } from '@haat/model-runtime';
import { drawnPictures, encodePictures, shapesModel } from '@haat/training/testing';
import { startTraining, trainInput, type StartedRun } from '@haat/workflows/client';
import { startScratchPlatform, type ScratchPlatform } from './testing/scratch.platform.ts';
import { startWorkerProcess, type WorkerProcess } from './testing/worker.process.ts';

let platform: ScratchPlatform;
let worker: WorkerProcess;
const startWorker = () => startWorkerProcess('./toy.worker.ts', platform.env);

beforeAll(async () => {
  platform = await startScratchPlatform();
  worker = await startWorker();
}, 900_000);

afterAll(async () => {
  await worker?.end('SIGTERM');
  await platform?.stop();
});

const train = (idempotencyKey: string): Promise<StartedRun> =>
  startTraining(
    platform.temporal,
    trainInput(
      {
        model: shapesModel.name,
        options: { width: 8, steps: 240, batch: 32, checkpointEvery: 10 },
        dataRevision: '1',
        idempotencyKey,
      },
      new Date('2026-01-01T00:00:00Z'),
    ),
  );

/** Whether a run has ended; its message is added to those that were seen. */
async function hasEnded({ runId }: StartedRun, messages: Set<string>): Promise<boolean> {
  const run = await platform.runs.read(runId).catch((failure: unknown) => {
    if (isDomainError(failure) && failure.code === 'UNKNOWN_RUN') return null;
    throw failure;
  });
  if (run?.message) messages.add(run.message);
  return run !== null && run.finishedAt !== null;
}

describe('a model of the kind network, through Temporal', () => {
  it('is trained with progress, registered with its card, promoted, served and replayed', async () => {
    const unbroken = await train('unbroken');
    const seen = new Set<string>();
    while (!(await hasEnded(unbroken, seen))) await sleep(20);
    const result = await unbroken.result();
    expect(result).toMatchObject({ ref: { model: 'packaging/shapes', version: 1 }, promoted: true });
    expect(result.metrics['accuracy']).toBeGreaterThan(0.5);
    expect([...seen].filter((message) => /^Step \d+ of 240: loss \S+;/.test(message))).not.toEqual([]);

    const champion = new AliasedModel({
      model: shapesModel.name,
      source: { holder: (model) => platform.registry.champion(model), onChange: () => () => undefined },
      fetch: (digest) => contentStore(platform.env['ARTIFACTS_URL']!).get(digest),
      open: graphArtifacts(encodePictures),
      log: { info: () => undefined, warn: () => undefined },
    });
    await champion.start();
    const { ref, open } = champion.current!;
    expect(ref).toEqual(result.ref);
    expect(open.metadata.golden).toHaveLength(32);
    expect(open.metadata.card).toMatchObject({
      kind: 'network',
      network: { parameters: 25_292, seed: 5, tensors: { 'first/weight': 'float32 [8, 1, 5, 5]' } },
    });
    const { pictures, shape } = await drawnPictures({ seed: 5_000_000, noise: 0.15 }, 300);
    const { probability } = await open.run(encodePictures(pictures, open.metadata.context));
    await champion.stop();
    const own = Array.from(shape, (each, row) => probability![12 * row + Number(each)]!);
    const told = own.filter((value, row) => value === Math.max(...probability!.subarray(12 * row, 12 * row + 12)));
    expect(told.length / 300).toBeGreaterThan(result.metrics['accuracy']! - 0.15);
  }, 60_000);

  it('is the same to the last bit when its worker is killed, and another goes on', async () => {
    const { digest } = (await platform.registry.champion(shapesModel.name))!;
    const broken = await train('broken');
    while ((await platform.checkpoints.latest(broken.runId)) === null) await sleep(20);
    await worker.end('SIGKILL');
    worker = await startWorker();
    await expect(broken.result()).resolves.toMatchObject({ ref: { digest, version: 2 } });
  }, 60_000);
});
