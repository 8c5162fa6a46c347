import { seededUniform } from '@haat/training/testing';
import { backfillUnderFaults, killDatabase, killWorker, type FaultGround } from './testing/backfill.faults.ts';
import { fillRecommendationWorld } from './testing/recommendation.world.ts';
import { startScratchPlatform } from './testing/scratch.platform.ts';
import { startWorkerProcess } from './testing/worker.process.ts';

let ground: FaultGround;

beforeAll(async () => {
  const platform = await startScratchPlatform({ durable: true });
  const { products } = await fillRecommendationWorld(platform, { seed: 6, products: 2_000 });
  const startWorker = () => startWorkerProcess('../main.ts', platform.env);
  ground = { platform, products, startWorker, worker: await startWorker() };
}, 900_000);

afterAll(async () => {
  await ground?.worker.end('SIGTERM');
  await ground?.platform.stop();
});

describe('a backfill', () => {
  it.each([
    ['its worker', killWorker, 11],
    ['PostgreSQL', killDatabase, 12],
  ])(
    'loses nothing when %s is killed at random moments, and is still undone to the byte',
    async (_what, fault, seed) => {
      const plan = { fault, times: 1, chance: seededUniform(seed) };
      const outcome = await backfillUnderFaults(ground, `faults ${seed}`, plan);
      expect(outcome).toMatchObject({ losses: { lost: 0, double: 0, half: 0 }, undoneExactly: true });
    },
    180_000,
  );
});
