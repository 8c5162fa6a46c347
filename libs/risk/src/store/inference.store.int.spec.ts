import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectDatabase, type Database } from '@haat/data-access';
import { startScratchDatabase, type ScratchDatabase } from '@haat/data-access/testing';
import { personRoles, type TestChoice } from '../contract/index.ts';
import { writeFiles } from './fixtures/small.outbreak.ts';
import { importRisk, InferenceStore, riskMigrations, type NewInference } from './index.ts';

const persons = ['asha', 'bela', 'chand', 'deepa'];
const days = 3;
const { answered, drawn } = personRoles;

let folder: string;
let scratch: ScratchDatabase;
let database: Database;
let store: InferenceStore;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'haat-inference-'));
  scratch = await startScratchDatabase({ domains: ['risk'], migrations: [riskMigrations] });
  database = await connectDatabase({ url: scratch.urls['haat_risk_task']! });
  store = new InferenceStore(database);
  const rows = persons.map((id) => `${id},0,true\n`).join('');
  const files = writeFiles(join(folder, 'files'), { persons: `person_id,region,reports\n${rows}` });
  await importRisk(database, files, { validFrom: new Date('2026-01-01T00:00:00Z') });
});
beforeEach(() => database.pool.query('delete from risk.inference'));
afterAll(async () => {
  await database?.close();
  await scratch?.stop();
  rmSync(folder, { recursive: true, force: true });
});

type Choices = readonly (readonly [person: number, averted: number])[];

/** What a run says of some persons, each at the same risk, with its choices of PCR tests. */
function inference(run: string, ids: readonly string[], risk: number, choices: Choices, revision = 1): NewInference {
  return {
    inference: {
      run,
      ref: { model: 'risk/transmission', version: 1, digest: 'a'.repeat(64) },
      ...{
        factsDigest: 'f'.repeat(64),
        asOf: new Date('2026-03-05T12:00:00Z'),
        revision,
        firstDay: '2026-03-03',
        days,
      },
      ...{ seed: 1, chains: 2, sweeps: 10 },
    },
    persons: ids,
    posterior: {
      timeline: () => ({
        probability: Float64Array.from({ length: 4 * days }, (_, at) => [1 - risk, risk, 0, 0][at % 4]!),
        error: new Float64Array(4 * days),
      }),
      agreement: {
        rHat: new Float64Array(ids.length).fill(1),
        effectiveSamples: new Float64Array(ids.length).fill(20),
      },
      sources: new Map(),
    },
    tests: [
      {
        kind: 0,
        choices: choices.map(([person, averted]) => ({ person, averted, positive: 0.5, information: 0.25 })),
      },
    ],
    carried: { initial: null, trajectories: [new Uint8Array(4 * ids.length), new Uint8Array(4 * ids.length)] },
  };
}

/** A run for some persons, that goes on from another one. */
function part(before: string, of: NewInference, role: readonly number[]): NewInference {
  const { trajectories } = of.carried!;
  return {
    ...of,
    beginning: { run: before, turn: 0, initial: null, trajectories, role: Uint8Array.from(role), partial: true },
  };
}

const risks = async () => (await store.byPerson(persons)).map((person) => person?.risk);
const chosen = async () =>
  (await store.chosenTests(0, 10)).choices.map(({ personId, averted }: TestChoice & { personId: string }) => [
    personId,
    averted,
  ]);

const whole = () =>
  inference('whole', persons, 0.25, [
    [0, 4],
    [1, 3],
    [2, 2],
  ]);

describe('what a part of the persons is inferred of anew', () => {
  it('takes the place of what was kept of them, in answers and in the order of tests; of the others all stays', async () => {
    await store.keep(whole());
    const anew = inference('part', ['bela', 'deepa', 'chand'], 0.5, [
      [1, 3.5],
      [0, 1],
    ]);
    await expect(store.keep(part('whole', anew, [answered, answered, drawn]))).resolves.toEqual({
      persons: 4,
      expectedInfected: 1.5,
    });
    expect(await risks()).toEqual([0.25, 0.5, 0.25, 0.5]);
    expect(await chosen()).toEqual([
      ['asha', 4],
      ['deepa', 3.5],
      ['chand', 2],
      ['bela', 1],
    ]);
  });

  it('is not kept at all where the run that it goes on from is gone; but what is kept stays, even then', async () => {
    const anew = part('gone', inference('part', ['bela'], 0.5, [[0, 1]]), [answered]);
    await expect(store.keep(anew)).rejects.toMatchObject({ code: 'NO_INFERENCE' });
    await expect(store.ofRun('part')).rejects.toMatchObject({ code: 'NO_INFERENCE' });
    await store.keep(whole());
    const next = part('whole', inference('next', ['bela'], 0.5, [[0, 1]]), [answered]);
    await store.keep(next);
    await database.pool.query("delete from risk.inference where run = 'whole'");
    await expect(store.keep(next)).resolves.toMatchObject({ persons: 4 });
  });
});

it('answers by what saw the newest facts, also where what saw older ones ends later', async () => {
  await store.keep(inference('day', persons, 0.5, [], 7));
  await store.keep(inference('scheduled', persons, 0.25, [], 6));
  await expect(store.newest()).resolves.toMatchObject({ run: 'day' });
  expect(await risks()).toEqual([0.5, 0.5, 0.5, 0.5]);
});

it('is kept by the run that it is of, however many saw newer facts meanwhile, until the next one is kept', async () => {
  for (let revision = 10; revision < 17; revision++) {
    await store.keep(inference(`day ${revision}`, persons, 0.5, [], revision));
  }
  await expect(store.keep(inference('late', persons, 0.25, [], 9))).resolves.toMatchObject({ persons: 4 });
  await expect(store.ofRun('late')).resolves.toMatchObject({ revision: 9 });
  await store.keep(inference('day 17', persons, 0.5, [], 17));
  await expect(store.ofRun('late')).rejects.toMatchObject({ code: 'NO_INFERENCE' });
});
