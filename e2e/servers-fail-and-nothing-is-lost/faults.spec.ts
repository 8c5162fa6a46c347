import { faultRounds } from '@haat/data-access/testing';

import { artifactDamagedInStore, artifactDamagedInTransit } from '../faults/artifact.faults.ts';
import { appKilledInBackfill } from '../faults/backfill.faults.ts';
import type { FaultDriver } from '../faults/fault.driver.ts';
import { databaseUnwell, postgresKilled, postgresRestarted, temporalRestarted } from '../faults/server.faults.ts';
import { ended, train } from '../faults/training.runs.ts';
import { startReplicatedPlatform, type ReplicatedPlatform } from '../stack/replicated.platform.ts';

/** What a client may be told while a server is away. */
const TYPED = ['SERVICE_UNAVAILABLE'];
/** Within this time after a fault clients are served again, seconds. */
const BACK_WITHIN = 10;

interface Case {
  readonly fault: string;
  readonly title: string;
  readonly driver: FaultDriver;
  readonly long: number;
  readonly allowed: readonly string[];
  /** What each outcome is of. */
  readonly what: string;
}

const cases: readonly Case[] = [
  {
    fault: 'artifact-in-store',
    title: 'an artifact damaged in the store, in each region, is refused and the version before serves on',
    driver: artifactDamagedInStore,
    long: 8,
    allowed: [],
    what: 'promotions of an artifact with one byte damaged, region after region, each refused',
  },
  {
    fault: 'artifact-in-transit',
    title: 'an artifact damaged on its way is refused and the version before serves on',
    driver: artifactDamagedInTransit,
    long: 8,
    allowed: [],
    what: 'promotions of an artifact that came changed, cut off, not at all or from nobody, each refused',
  },
  {
    fault: 'database-unwell',
    title: 'a slow, a half-open and a refusing database give typed errors, and all goes on by itself',
    driver: databaseUnwell,
    long: 5,
    allowed: TYPED,
    what: 'times that the database was slow, silent or refusing for 3 s',
  },
  {
    fault: 'postgres-restarted',
    title: 'a restart of PostgreSQL under load gives typed errors, and all goes on by itself',
    driver: postgresRestarted,
    long: 10,
    allowed: TYPED,
    what: 'restarts',
  },
  {
    fault: 'postgres-killed',
    title: 'PostgreSQL killed under load gives typed errors, and what was recorded is there when it has recovered',
    driver: postgresKilled,
    long: 10,
    allowed: TYPED,
    what: 'kills',
  },
  {
    fault: 'temporal-restarted',
    title: 'a restart of Temporal during a run leaves every answer as it was, and the run ends',
    driver: temporalRestarted,
    long: 10,
    allowed: [],
    what: 'restarts, in a step of a training each',
  },
  {
    fault: 'backfill-app-killed',
    title: 'an app killed during a backfill and its undo gives typed errors, and no row is lost',
    driver: appKilledInBackfill,
    long: 25,
    allowed: TYPED,
    what: 'kills of a packaging or platform app, in backfills of every product and in their undoing',
  },
];

let all: ReplicatedPlatform;
beforeAll(async () => {
  all = await startReplicatedPlatform(2_000);
  expect(await ended(all, await train(all, 'first'))).toMatchObject({ state: 'completed' });
  await Promise.all(all.replicas.packaging.map((app) => app.ready()));
}, 900_000);
afterAll(() => all?.stop());

describe('a fault of what the apps stand on', () => {
  for (const { fault, title, driver, long, allowed, what } of cases) {
    const { each, seed, chance, timeoutMs, report } = faultRounds({ short: 1, long, secondsEach: 300, seed: 7 });
    it(
      title,
      async () => {
        const outcomes = await driver(all, { each, seed, chance, now: Date.now });
        const codes = [...new Set(outcomes.flatMap((outcome) => outcome.codes))].sort();
        const sum = (of: (outcome: (typeof outcomes)[number]) => number) =>
          outcomes.reduce((total, outcome) => total + of(outcome), 0);
        report(fault, {
          happened: `${outcomes.length} ${what}`,
          lost: sum(({ lost }) => lost),
          half: sum(({ half = 0 }) => half),
          failed: sum((outcome) => outcome.codes.filter((code) => !allowed.includes(code)).length),
          codes,
          secondsBack: Math.max(...outcomes.map(({ secondsBack }) => secondsBack)),
        });
        expect(outcomes.length).toBeGreaterThan(0);
        const judged = outcomes.map((outcome) => ({
          ...outcome,
          half: outcome.half ?? 0,
          codes: outcome.codes.filter((code) => !allowed.includes(code)),
          inTime: outcome.secondsBack <= BACK_WITHIN,
        }));
        expect(judged).toEqual(judged.map((one) => ({ ...one, lost: 0, half: 0, codes: [], inTime: true })));
      },
      timeoutMs,
    );
  }
});
