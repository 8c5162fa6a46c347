import { artifactDamagedInStore, artifactDamagedInTransit } from '../faults/artifact.faults.ts';
import type { FaultDriver } from '../faults/fault.driver.ts';
import { databaseUnwell, postgresRestarted, temporalRestarted } from '../faults/server.faults.ts';
import { ended, train } from '../faults/training.runs.ts';
import { startReplicatedPlatform, type ReplicatedPlatform } from '../stack/replicated.platform.ts';

/** What a client may be told while a server is away. */
const TYPED = ['SERVICE_UNAVAILABLE'];

let all: ReplicatedPlatform;
beforeAll(async () => {
  all = await startReplicatedPlatform(2_000);
  expect(await ended(all, await train(all, 'first'))).toMatchObject({ state: 'completed' });
  await Promise.all(all.packaging.map((app) => app.ready()));
}, 900_000);
afterAll(() => all?.stop());

describe('a fault of what the apps stand on', () => {
  const cases: readonly (readonly [string, FaultDriver, readonly string[]])[] = [
    [
      'an artifact damaged in the store, in each region, is refused and the version before serves on',
      artifactDamagedInStore,
      [],
    ],
    ['an artifact damaged on its way is refused and the version before serves on', artifactDamagedInTransit, []],
    ['a slow, a half-open and a refusing database give typed errors, and all goes on by itself', databaseUnwell, TYPED],
    ['a restart of PostgreSQL under load gives typed errors, and all goes on by itself', postgresRestarted, TYPED],
    ['a restart of Temporal during a run leaves every answer as it was, and the run ends', temporalRestarted, []],
  ];
  it.each(cases)(
    '%s',
    async (_, driver, allowed) => {
      const outcomes = await driver(all, { count: 1, seed: 7, now: Date.now });
      expect(outcomes.length).toBeGreaterThan(0);
      for (const { fault, codes, lost } of outcomes) {
        expect({ fault, lost, codes: codes.filter((code) => !allowed.includes(code)) }).toEqual({
          fault,
          lost: 0,
          codes: [],
        });
      }
    },
    300_000,
  );
});
