import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { dataRevision } from '@haat/data-access';
import { faultRounds } from '@haat/data-access/testing';
import { importPackaging } from '@haat/packaging/store';
import { simulatePackaging, writeWorld } from '@haat/simulators';
import { startScratchPlatform } from './testing/scratch.platform.ts';
import {
  fitKilled,
  trainUnbroken,
  trainUnderFault,
  workerKilled,
  type StruckRun,
  type TrainingGround,
  type UnbrokenRun,
} from './testing/training.faults.ts';
import { startWorkerProcess } from './testing/worker.process.ts';

let ground: TrainingGround;
let unbroken: UnbrokenRun;

beforeAll(async () => {
  const platform = await startScratchPlatform();
  const world = join(platform.folder, 'world');
  await writeWorld(simulatePackaging({ seed: 5, products: 3_000 }), world, 'csv');
  await importPackaging(platform.database, world, { validFrom: new Date('2025-01-01T00:00:00Z') });
  const startWorker = () => startWorkerProcess('../main.ts', platform.env);
  const request = {
    model: 'packaging/damage',
    asOf: '2026-01-01T00:00:00.000Z',
    dataRevision: String(await dataRevision(platform.database, 'packaging')),
  };
  ground = { platform, request, startWorker, worker: await startWorker() };
  unbroken = await trainUnbroken(ground);
}, 900_000);

afterAll(async () => {
  await ground?.worker.end('SIGTERM');
  await ground?.platform.stop();
});

const { each, seed, chance, timeoutMs, report } = faultRounds({
  short: 1,
  long: 20,
  secondsEach: 180,
  seed: 14,
});

/** How often each step was struck, in words. */
function strikes(runs: readonly StruckRun[]): string {
  const steps = [...new Set(runs.map(({ step }) => step))];
  return steps.map((step) => `${step} ${runs.filter((run) => run.step === step).length}`).join(', ');
}

describe('the training of the damage model', () => {
  it.each([
    ['its worker', 'train-worker-killed', workerKilled],
    ['the process that fits', 'train-fit-killed', fitKilled],
  ])(
    'gives the same bytes as an unbroken run when %s is killed at a random moment',
    async (_what, name, fault) => {
      const runs: StruckRun[] = [];
      for (const round of each()) {
        runs.push(await trainUnderFault(ground, `${name} ${seed}/${round}`, { fault, unbroken, chance }));
      }
      const different = runs.filter(({ digest }) => digest !== unbroken.digest);
      const twice = runs.filter(({ versions }) => versions !== 1);
      report(name, {
        happened: `struck in ${strikes(runs)}; all runs completed, ${different.length} with another digest than the unbroken one`,
        lost: different.length,
        double: twice.length,
      });
      expect({ different, twice }).toEqual({ different: [], twice: [] });
    },
    timeoutMs,
  );

  it('left no file of a snapshot or of a fit behind', () => {
    expect(readdirSync(join(ground.platform.folder, 'tmp')).filter((name) => name.startsWith('haat-'))).toEqual([]);
  });
});
