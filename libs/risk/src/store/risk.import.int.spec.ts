import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectDatabase, type Database } from '@haat/data-access';
import { startScratchDatabase, type ScratchDatabase } from '@haat/data-access/testing';
import { smallOutbreak, writeFiles } from './fixtures/small.outbreak.ts';
import { told } from './fixtures/told.facts.ts';
import { importRisk, riskMigrations, RiskStore } from './index.ts';

const validFrom = new Date('2026-01-01T00:00:00Z');
const asOf = new Date('2026-03-05T12:00:00Z');

const before = {
  persons: 'asha bela chand deepa esha',
  met: [
    'asha - bela 0 household 12',
    'asha - bela 1 household 12',
    'bela - chand 2 work 6',
    'chand - deepa 1 household 8',
    'chand > bela 2 work 4',
  ],
  tested: ['asha 3 pcr +', 'deepa 4 antigen -'],
  reported: ['bela 4'],
};

describe('importRisk', () => {
  let scratch: ScratchDatabase;
  let database: Database;
  let store: RiskStore;
  let folder: string;
  let files = 0;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'haat-risk-import-'));
    scratch = await startScratchDatabase({ domains: ['risk'], migrations: [riskMigrations] });
    database = await connectDatabase({ url: scratch.urls['haat_risk_task']! });
    store = new RiskStore(database);
  });
  afterAll(async () => {
    await database?.close();
    await scratch?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const load = (tables: Readonly<Record<string, string>>, options = {}) =>
    importRisk(database, writeFiles(join(folder, String((files += 1))), tables), { validFrom, ...options });
  const facts = async (at = asOf, days = 5) => store.facts({ ...(await store.horizon(at)), days });

  it('says that nobody is known before anybody is', async () => {
    await expect(facts()).rejects.toMatchObject({ code: 'NO_PERSONS' });
  });

  it('writes nothing in a dry run, and says what it would', async () => {
    expect(await load(smallOutbreak, { dryRun: true })).toMatchObject({ accepted: 13, rejected: 0, changed: 13 });
    await expect(facts()).rejects.toMatchObject({ code: 'NO_PERSONS' });
  });

  it('loads what was observed, and the same again changes nothing', async () => {
    expect(await load(smallOutbreak)).toMatchObject({ accepted: 13, rejected: 0, changed: 13, dataRevision: 4 });
    expect(told(await facts())).toEqual(before);
    expect(await load(smallOutbreak)).toMatchObject({ accepted: 13, changed: 0, dataRevision: 4 });
  });

  it('corrects, takes back and adds by further rows, and still tells what was known before', async () => {
    const known = await store.horizon(asOf);
    const later = {
      contacts: `from_id,to_id,day,channel,units,mutual
bela,asha,2026-03-02,household,3,true
chand,bela,2026-03-03,work,0,false
esha,asha,2026-03-04,leisure,0,true
esha,asha,2026-03-05,leisure,2,true
`,
      tests: `test_id,person_id,day,kind,result
t1,asha,2026-03-04,pcr,negative
t2,deepa,2026-03-05,antigen,retracted
t3,deepa,2026-03-05,pcr,positive
`,
      symptoms: `person_id,day,reported
bela,2026-03-05,false
esha,2026-03-01,true
`,
    };
    expect(await load(later)).toMatchObject({ accepted: 9, rejected: 0, changed: 8 });
    expect(told(await facts())).toEqual({
      persons: before.persons,
      met: [
        'asha - bela 0 household 12',
        'asha - bela 1 household 3',
        'asha - esha 4 leisure 2',
        'bela - chand 2 work 6',
        'chand - deepa 1 household 8',
      ],
      tested: ['asha 3 pcr -', 'deepa 4 pcr +'],
      reported: ['esha 0'],
    });
    expect(told(await store.facts({ ...known, days: 5 }))).toEqual(before);
  });

  it('knows of a window what lies in it, and of an early moment nobody who came later', async () => {
    expect(told(await facts(new Date('2026-03-04T00:00:00Z'), 2))).toMatchObject({
      met: ['bela - chand 0 work 6'],
      tested: ['asha 1 pcr -'],
      reported: [],
    });
    await load(
      { persons: 'person_id\nfatima\n', contacts: 'from_id,to_id,day,units\nfatima,asha,2026-03-05,1\n' },
      { validFrom: new Date('2026-03-06T00:00:00Z') },
    );
    expect(told(await facts()).met).not.toContainEqual(expect.stringContaining('fatima'));
    expect(told(await facts(new Date('2026-03-06T00:00:00Z'))).met).toContain('asha - fatima 3 other 1');
  });

  it('puts bad rows aside, each with its place and reason, and takes the others', async () => {
    const { tables, rejected, accepted } = await load({
      persons: 'person_id,region\n+91 98765,0\nghita,-1\nhari,2\n',
      contacts: `from_id,to_id,day,channel,units
asha,asha,2026-03-05,work,1
asha,nobody,2026-03-05,work,1
asha,bela,2026-02-30,work,1
asha,bela,2026-03-05,pub,1
asha,bela,2026-03-05,work,1.5
asha,bela,2026-03-05,work,-1
asha,bela,2026-03-05,work,2
bela,asha,2026-03-05,work,2
`,
      tests: 'test_id,person_id,day,kind,result\nt9,asha,2026-03-05,pcr,maybe\n',
    });
    expect({ rejected, accepted }).toEqual({ rejected: 10, accepted: 2 });
    const reasons = tables.flatMap(({ file, reasons: bad }) =>
      bad.map(({ line, column, reason }) => `${file} ${line} ${column}: ${reason}`),
    );
    expect(reasons).toEqual([
      expect.stringMatching(/^persons.csv 2 person_id: expected a pseudonym.*got \+91 98765$/),
      expect.stringMatching(/^persons.csv 3 region: .*>=0, got -1$/),
      expect.stringMatching(/^contacts.csv 2 to_id: expected another person than from_id, got asha$/),
      'contacts.csv 3 to_id: expected a known person, got "nobody"',
      expect.stringMatching(/^contacts.csv 4 day: .*got 2026-02-30$/),
      expect.stringMatching(/^contacts.csv 5 channel: .*got pub$/),
      expect.stringMatching(/^contacts.csv 6 units: .*got 1.5$/),
      expect.stringMatching(/^contacts.csv 7 units: .*got -1$/),
      expect.stringMatching(/^contacts.csv 9 from_id: expected one row for each from_id, to_id, day, channel, mutual/),
      expect.stringMatching(/^tests.csv 2 result: .*got maybe$/),
    ]);
    expect(readFileSync(tables[1]!.rejectsFile!, 'utf8')).toContain('nobody');
  });

  it('refuses a folder without a table of risk', async () => {
    await expect(load({ products: 'a\n1\n' })).rejects.toMatchObject({ code: 'FILE_MISSING' });
  });
});

describe("risk's roles", () => {
  let scratch: ScratchDatabase;
  beforeAll(async () => {
    scratch = await startScratchDatabase({ domains: ['risk'], migrations: [riskMigrations] });
  });
  afterAll(() => scratch?.stop());

  it.each([
    ['haat_risk', 'select from risk.contact'],
    ['haat_risk', 'select from risk.test'],
    ['haat_risk', 'select from risk.symptom'],
    ['haat_risk', 'delete from risk.access_log'],
    ['haat_risk', "update risk.access_log set actor = 'nobody'"],
    ['haat_risk', 'delete from risk.timeline'],
    ['haat_risk_task', 'select from risk.access_log'],
    ['haat_risk_task', 'delete from risk.contact'],
    ['haat_risk_task', 'update risk.test set result = 0'],
    ['haat_platform', 'select from risk.timeline'],
  ])('let %s not do: %s', async (role, sql) => {
    const database = await connectDatabase({ url: scratch.urls[role]! });
    await expect(database.pool.query(sql)).rejects.toMatchObject({ code: '42501' });
    await database.close();
  });
});
