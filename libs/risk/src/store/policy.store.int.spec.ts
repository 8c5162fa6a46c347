import { connectDatabase, RunLog, type Database } from '@haat/data-access';
import { startScratchDatabase, type ScratchDatabase } from '@haat/data-access/testing';
import { publishedParameters, type PlannedPolicies } from '../contract/index.ts';
import { PolicyStore, riskMigrations } from './index.ts';
import { Risk1799300000500 } from './migrations/risk.1799300000500.ts';

let scratch: ScratchDatabase;
let owner: Database;
let database: Database;
let store: PolicyStore;

beforeAll(async () => {
  scratch = await startScratchDatabase({ domains: ['risk'], migrations: [riskMigrations] });
  owner = await connectDatabase({ url: scratch.url });
  database = await connectDatabase({ url: scratch.urls['haat_risk_task']! });
  store = new PolicyStore(database);
});
afterAll(async () => {
  await database?.close();
  await owner?.close();
  await scratch?.stop();
});

const names = ['longer', '2', 'a'];
const planned = (run: string): PlannedPolicies => ({
  run,
  ref: { model: 'risk/transmission', version: 1, digest: 'a'.repeat(64) },
  parameters: publishedParameters,
  options: { persons: 50, policies: names.map((name) => ({ name, kind: 'symptoms', quarantineDays: 7 })), start: 3 },
  seed: 1,
  seeds: 2,
});
const nothing = { infected: 0, quarantineDays: 0, tests: 0, positive: 0 };

describe('simulations that are kept', () => {
  it('are told in the order in which their policies are named, also those that were kept by name', async () => {
    const plan = planned('simulate/test/order');
    await store.plan(plan);
    for (const policy of names.toSorted()) await store.keep(plan.run, { policy, seed: 1, ...nothing });
    const told = async () => (await store.outcomes(await store.planned(plan.run))).map(({ policy }) => policy);
    await expect(store.planned(plan.run)).resolves.toEqual(plan);
    await expect(told()).resolves.toEqual(names);

    const runner = owner.source.createQueryRunner();
    const migration = new Risk1799300000500();
    const setting = { kind: 'symptoms', quarantineDays: 7 };
    await migration.down(runner);
    const before = await store.planned(plan.run);
    expect(before.options).toEqual({ ...plan.options, policies: Object.fromEntries(names.map((n) => [n, setting])) });
    await migration.up(runner);
    await runner.release();
    await expect(store.planned(plan.run)).resolves.toEqual(plan);
    await expect(told()).resolves.toEqual(names);
  });

  it('are the newest hundred, and those whose runs are not finished, to which outcomes still come', async () => {
    const runs = new RunLog(database);
    const [running, done, newest] = ['simulate/test/running', 'simulate/test/done', 'simulate/test/newest'] as const;
    for (const id of [running, done]) {
      await runs.create({ id, kind: 'simulate', model: 'risk/transmission', options: {} });
      await store.plan(planned(id));
      await store.keep(id, { policy: 'a', seed: 1, ...nothing });
    }
    await runs.complete(done, { metrics: {}, result: {} });
    for (let more = 0; more < 99; more++) await store.plan(planned(`simulate/test/more-${more}`));
    await expect(store.done(done)).resolves.toBe(1);

    await store.plan(planned(newest));
    await expect(store.planned(done)).rejects.toMatchObject({
      code: 'UNKNOWN_SIMULATION',
      message: expect.stringMatching(/"simulate\/test\/done".*older than the newest 100.* start it again .*--key/),
    });
    await expect(store.done(done)).resolves.toBe(0);
    await store.keep(running, { policy: 'a', seed: 2, ...nothing });
    const { options } = await store.planned(running);
    await expect(store.outcomes({ run: running, options })).resolves.toHaveLength(2);

    await runs.fail(running, 'cancelled', 'RUN_CANCELLED', 'enough');
    await store.plan(planned('simulate/test/last'));
    await expect(store.planned(running)).rejects.toMatchObject({ code: 'UNKNOWN_SIMULATION' });
    await expect(store.planned(newest)).resolves.toEqual(planned(newest));
  });
});
