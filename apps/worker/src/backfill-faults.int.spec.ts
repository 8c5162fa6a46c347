import { faultRounds } from '@haat/data-access/testing';
import { backfillUnderFaults, killDatabase, type FaultGround, type FaultOutcome } from './testing/backfill.faults.ts';
import { fillRecommendationWorld } from './testing/recommendation.world.ts';
import { startScratchPlatform } from './testing/scratch.platform.ts';
import { killWorker, startWorkerProcess } from './testing/worker.process.ts';

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

/** Each round backfills and undoes, and strikes once in each: 25 rounds are 50 strikes. */
const { rounds, seed, chance, timeoutMs, report } = faultRounds({ short: 1, long: 25, secondsEach: 180, seed: 11 });
const sum = (outcomes: readonly FaultOutcome[], kind: keyof FaultOutcome['losses']) =>
  outcomes.reduce((total, { losses }) => total + losses[kind], 0);

describe('a backfill', () => {
  it.each([
    ['its worker', 'backfill-worker-killed', killWorker],
    ['PostgreSQL', 'backfill-postgres-killed', killDatabase],
  ])(
    'loses nothing when %s is killed at random moments, and is still undone to the byte',
    async (_what, name, fault) => {
      const outcomes: FaultOutcome[] = [];
      for (let round = 0; round < rounds; round += 1) {
        outcomes.push(await backfillUnderFaults(ground, `${name} ${seed}/${round}`, { fault, times: 1, chance }));
      }
      const inexact = outcomes.filter(({ undoneExactly }) => !undoneExactly).length;
      report(name, {
        happened: `${rounds * 2} strikes, one in each backfill of ${ground.products} rows and one in each undo; ${rounds - inexact} of ${rounds} undone to the byte`,
        lost: sum(outcomes, 'lost') + inexact,
        double: sum(outcomes, 'double'),
        half: sum(outcomes, 'half'),
      });
      const nothing = { losses: { lost: 0, double: 0, half: 0 }, undoneExactly: true };
      expect(outcomes).toEqual(outcomes.map(({ runId }) => ({ runId, ...nothing })));
    },
    timeoutMs,
  );
});
