import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectDatabase } from '@haat/data-access';
import { startScratchDatabase, type ScratchDatabase } from '@haat/data-access/testing';
import { cityParameters, simulateCity, writeOutbreak } from '@haat/simulators';
import { contactChannels, testKinds } from '../contract/index.ts';
import { told } from './fixtures/told.facts.ts';
import { factsOf, importRisk, readRecords, riskFiles, riskMigrations, RiskStore } from './index.ts';

const days = 20;
const world = simulateCity({ seed: 3, persons: 60, days, external: 5e-3, adoption: 0.8 });
const { observed } = world;
const asOf = new Date('2026-03-20T12:00:00Z');

/** What the world itself knows of what was seen, in the vocabulary of risk. */
const seen = {
  persons: {
    id: Array.from({ length: 60 }, (_, person) => `p${String(person).padStart(2, '0')}`),
    region: new Uint16Array(60),
    reports: observed.reporting,
  },
  contacts: observed.contacts.map((piece) => ({
    ...piece,
    channel: piece.channel.map((at) => contactChannels.findIndex((name) => name === cityParameters.channels[at]!.name)),
  })),
  tests: {
    ...observed.tests,
    kind: observed.tests.kind.map((at) => testKinds.findIndex((name) => name === cityParameters.tests[at]!.name)),
  },
  symptoms: observed.symptoms,
};

describe('files of a simulated outbreak', () => {
  let scratch: ScratchDatabase;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'haat-risk-outbreak-'));
    scratch = await startScratchDatabase({ domains: ['risk'], migrations: [riskMigrations] });
    await writeOutbreak(world, '2026-03-20', folder, 'csv');
  });
  afterAll(async () => {
    await scratch?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('are in the vocabulary of risk', () => {
    const names = (of: readonly { readonly name: string }[]) => of.map(({ name }) => name);
    expect(contactChannels).toEqual(expect.arrayContaining(names(cityParameters.channels)));
    expect(testKinds).toEqual(expect.arrayContaining(names(cityParameters.tests)));
  });

  it('say the same when they are read, imported, and read without the file of persons', async () => {
    const database = await connectDatabase({ url: scratch.urls['haat_risk_task']! });
    const imported = await importRisk(database, folder, { validFrom: new Date('2026-01-01T00:00:00Z') });
    const store = new RiskStore(database);
    const stored = await store.facts({ ...(await store.horizon(asOf)), days });
    await database.close();
    const files = await riskFiles(folder);
    expect([imported.rejected, files.rejected]).toEqual([0, 0]);
    const read = await files.facts({ asOf, revision: 0, days });
    expect(told(stored)).toEqual(told(seen));
    expect(told(read)).toEqual(told(seen));
    expect([...stored.persons.reports]).toEqual([...observed.reporting]);
    expect(read.persons).toEqual(stored.persons);
    const [contacts, tests, symptoms] = ['contacts', 'tests', 'symptoms'].map((name) => join(folder, `${name}.csv`));
    const named = factsOf(await readRecords({ contacts, tests, symptoms }), read.firstDay, days);
    expect({ ...told(named), persons: '' }).toEqual({ ...told(seen), persons: '' });
  });
});
