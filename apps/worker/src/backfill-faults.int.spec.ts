import { faultRounds } from '@haat/data-access/testing';
import { backfillInput, backfillResult, startBackfill } from '@haat/workflows/client';
import { backfillUnderFaults, killDatabase, type FaultGround, type FaultOutcome } from './testing/backfill.faults.ts';
import { backfillLosses } from './testing/backfill.losses.ts';
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
const { rounds, each, seed, chance, timeoutMs, report } = faultRounds({
  short: 1,
  long: 25,
  secondsEach: 180,
  seed: 11,
});
const nothingLost = { lost: 0, double: 0, half: 0 };
const sum = (outcomes: readonly Pick<FaultOutcome, 'losses'>[], kind: keyof typeof nothingLost) =>
  outcomes.reduce((total, { losses }) => total + losses[kind], 0);

describe('a backfill', () => {
  it.each([
    ['its worker', 'backfill-worker-killed', killWorker],
    ['PostgreSQL', 'backfill-postgres-killed', killDatabase],
  ])(
    'loses nothing when %s is killed at random moments, and is still undone to the byte',
    async (_what, name, fault) => {
      const outcomes: FaultOutcome[] = [];
      for (const round of each()) {
        outcomes.push(await backfillUnderFaults(ground, `${name} ${seed}/${round}`, { fault, times: 1, chance }));
      }
      const inexact = outcomes.filter(({ undoneExactly }) => !undoneExactly).length;
      report(name, {
        happened: `${rounds * 2} strikes, one in each backfill of ${ground.products} rows and one in each undo; ${rounds - inexact} of ${rounds} undone to the byte`,
        lost: sum(outcomes, 'lost') + inexact,
        double: sum(outcomes, 'double'),
        half: sum(outcomes, 'half'),
      });
      const unharmed = { losses: nothingLost, undoneExactly: true };
      expect(outcomes).toEqual(outcomes.map(({ runId }) => ({ runId, ...unharmed })));
    },
    timeoutMs,
  );

  const crowds = faultRounds({ short: 1, long: 5, secondsEach: 60 });
  it(
    'runs once, however often it is started at once',
    async () => {
      const { platform, products } = ground;
      const seen: { starts: number; results: number; losses: typeof nothingLost }[] = [];
      for (const round of crowds.each()) {
        const idempotencyKey = `at once ${crowds.seed}/${round}`;
        const wish = { model: 'packaging/damage', selection: { which: 'all' }, revision: '1', idempotencyKey };
        const input = backfillInput(wish, new Date());
        const started = await Promise.all(Array.from({ length: 100 }, () => startBackfill(platform.temporal, input)));
        const results = await Promise.all(started.map(() => backfillResult(platform.temporal, input.runId)));
        seen.push({
          starts: started.filter(Boolean).length,
          results: new Set(results.map((result) => JSON.stringify(result))).size,
          losses: await backfillLosses(platform.database, input.runId, products),
        });
      }
      crowds.report('backfill-started-at-once', {
        happened: `${crowds.rounds} backfills of ${products} rows, 100 starts of each at once`,
        lost: sum(seen, 'lost'),
        double: sum(seen, 'double') + seen.filter(({ starts }) => starts !== 1).length,
        half: sum(seen, 'half'),
        failed: seen.filter(({ results }) => results !== 1).length,
      });
      expect(seen).toEqual(seen.map(() => ({ starts: 1, results: 1, losses: nothingLost })));
    },
    crowds.timeoutMs,
  );
});
