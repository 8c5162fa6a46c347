import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  connectDatabase,
  contentStore,
  dataRevision,
  DriftLog,
  type ContentStore,
  type Database,
} from '@haat/data-access';
import { personDayFeatures } from '@haat/risk/features';
import { transmissionModel } from '@haat/risk/model';
import { importRisk, InferenceStore, riskFolder } from '@haat/risk/store';
import { simulateCity, writeOutbreak } from '@haat/simulators';
import { trainingRecords, type TrainingRecords } from '@haat/training/activities';
import type { IngestResult } from '@haat/workflows';
import {
  createSchedule,
  driftInput,
  ingestInput,
  skewInput,
  startDriftProfile,
  startRun,
  startSkewAudit,
  startTraining,
  trainInput,
  triggerSchedule,
} from '@haat/workflows/client';
import { recordHistory } from './testing/recorded.histories.ts';
import { startScratchPlatform, type ScratchPlatform } from './testing/scratch.platform.ts';
import { killWorker, startWorkerProcess, type WorkerPlace } from './testing/worker.process.ts';

const options = { days: 14, sweeps: 40, burnIn: 20, explain: 10 };
const lone = { persons: 'person_id,region,reports\nlone-a,0,true\nlone-b,0,true\n' };

describe('days that come in', () => {
  let platform: ScratchPlatform;
  let database: Database;
  let records: TrainingRecords;
  let inferences: InferenceStore;
  let store: ContentStore;
  const began = new Date();
  const startWorker = () => startWorkerProcess('../main.ts', platform.env);
  const place = { startWorker } as WorkerPlace;
  /** Rows of contacts, tests and symptoms of a city by their day. */
  const files = new Map<string, Record<string, string>>();

  beforeAll(async () => {
    platform = await startScratchPlatform();
    database = await connectDatabase({ url: platform.scratch.urls['haat_risk_task']! });
    records = trainingRecords(database);
    inferences = new InferenceStore(database);
    store = contentStore(platform.env['ARTIFACTS_URL']!);
    const folder = join(platform.folder, 'world');
    const city = simulateCity({ seed: 3, persons: 300, days: 20, external: 2e-3 });
    const tables = await writeOutbreak(city, '2026-03-20', folder, 'csv');
    await splitByDay(tables.map(({ file }) => file));
    const before = { ...lone, ...upTo('2026-03-18') };
    await importRisk(database, written('before', before), { validFrom: new Date('2026-01-01T00:00:00Z') });
    place.worker = await startWorker();
    const dataRevisionNow = String(await dataRevision(database, 'risk'));
    const asOf = '2026-03-18T23:59:59.999Z';
    const train = trainInput({ model: 'risk/transmission', asOf, dataRevision: dataRevisionNow }, new Date());
    await (await startTraining(platform.temporal, train)).result();
  }, 900_000);

  afterAll(async () => {
    await place.worker?.end('SIGTERM');
    await database?.close();
    await platform?.stop();
  });

  async function splitByDay(names: readonly string[]) {
    const { readFile } = await import('node:fs/promises');
    for (const table of ['persons', 'contacts', 'tests', 'symptoms']) {
      const file = names.find((name) => name.endsWith(`${table}.csv`) && !name.includes('truth'))!;
      const [header, ...rows] = (await readFile(file, 'utf8')).trimEnd().split('\n');
      for (const row of rows) {
        const day = /\d{4}-\d{2}-\d{2}/.exec(row)?.[0] ?? 'persons';
        const own = files.get(day) ?? {};
        files.set(day, { ...own, [table]: `${own[table] ?? `${header}\n`}${row}\n` });
      }
    }
  }

  /** All rows up to a day; what a table holds of several days under one header. */
  function upTo(last: string): Record<string, string> {
    const all: Record<string, string> = {};
    for (const [day, tables] of [...files].sort()) {
      if (day > last && day !== 'persons') continue;
      for (const [table, text] of Object.entries(tables)) {
        all[table] = all[table] === undefined ? text : all[table] + text.slice(text.indexOf('\n') + 1);
      }
    }
    return { ...all, persons: all['persons']! + lone.persons.slice(lone.persons.indexOf('\n') + 1) };
  }

  function written(name: string, tables: Readonly<Record<string, string>>): string {
    const folder = join(platform.folder, name);
    mkdirSync(folder, { recursive: true });
    for (const [table, text] of Object.entries(tables)) writeFileSync(join(folder, `${table}.csv`), text);
    return folder;
  }

  async function input(
    day: string,
    tables: Readonly<Record<string, string>>,
    { key, chains = 2 }: { readonly key?: string; readonly chains?: number } = {},
  ) {
    const stored = await Promise.all(
      Object.entries(tables).map(async ([table, text]) => ({
        name: `${table}.csv`,
        digest: (await store.put(Buffer.from(text))).digest,
      })),
    );
    return ingestInput({
      model: 'risk/transmission',
      day,
      files: stored,
      options,
      chains,
      seed: 4,
      idempotencyKey: key,
    });
  }
  async function begin(of: Awaited<ReturnType<typeof input>>) {
    const started = await startRun(platform.temporal, 'ingest', of);
    const handle = platform.temporal.client.workflow.getHandle<(input: unknown) => Promise<IngestResult>>(of.runId);
    return { started, result: handle.result() };
  }
  const taken = async (...wish: Parameters<typeof input>) => {
    const of = await input(...wish);
    return { run: of.runId, ...(await (await begin(of)).result) };
  };
  async function keepHistory(name: string, id: string) {
    if (process.env['HAAT_RECORD_HISTORIES'] !== '1') return;
    recordHistory(name, await platform.temporal.client.workflow.getHandle(id).fetchHistory());
  }
  const kept = async (run: string) => {
    const { rows } = await database.pool.query<{ person_id: string; row: string }>(
      `select p.person_id, (to_jsonb(t) - 'run')::text as row from risk.timeline t
       join lateral (select person_id from risk.person where number = t.person limit 1) p on true
       where run = $1 order by 1`,
      [run],
    );
    return new Map(rows.map(({ person_id: id, row }) => [id, row]));
  };

  /** Whom the newest inference would test next by PCR. */
  const chosen = async () => (await inferences.chosenTests(0, 500)).choices.map(({ personId }) => personId);

  it('begin where nothing was inferred before, and move the window with the day', async () => {
    const first = await taken('2026-03-18', files.get('2026-03-18')!);
    expect(first.imported).toMatchObject({ changed: 0, rejected: 0 });
    expect(first.metrics).toMatchObject({ goes_on: 0, recomputed_persons: 302, persons: 302 });
    await expect(inferences.newest()).resolves.toMatchObject({ run: first.run, firstDay: '2026-03-05', days: 14 });

    const next = await taken('2026-03-19', files.get('2026-03-19')!);
    await keepHistory('ingest.completed', next.run);
    expect(next.imported.changed).toBe(next.imported.accepted);
    expect(next.metrics).toMatchObject({ goes_on: 1, moved_days: 1, rows_before_window: 0, recomputed_persons: 302 });
    await expect(inferences.newest()).resolves.toMatchObject({ run: next.run, firstDay: '2026-03-06', days: 14 });
    const { rows } = await database.pool.query(
      'select sum((select sum(p) from unnest(probabilities) p)) as known from risk.carried where run = $1',
      [next.run],
    );
    // Everybody may have been infected from outside on the day that left the window.
    expect(Number((rows[0] as { known: string }).known)).toBeGreaterThan(0.03);
  }, 300_000);

  it('are refused as wholes where a file is none, which is named as it was sent', async () => {
    const of = await input('2026-03-18', { tests: 'colour,weight\nred,3\n' });
    await expect((await begin(of)).result).rejects.toThrow();
    const { errorCode, errorMessage } = await records.runs.read(of.runId);
    expect(errorCode).toBe('FILE_HEADER');
    expect(errorMessage).toMatch(/^tests\.csv/);
    expect(errorMessage).not.toContain('haat-day-');
  }, 300_000);

  it('are refused before anything is read where a file has no name of a table, or one that is there already', async () => {
    const { digest } = await store.put(Buffer.from('test_id,person_id,day,kind,result\n'));
    const revision = await dataRevision(database, 'risk');
    const refused = async (...names: readonly string[]) => {
      const files = names.map((name) => ({ name, digest }));
      const of = ingestInput({ model: 'risk/transmission', day: '2026-03-18', files, options, chains: 2 });
      await expect((await begin(of)).result).rejects.toThrow();
      const { errorCode, errorMessage } = await records.runs.read(of.runId);
      return `${errorCode} ${errorMessage}`;
    };
    expect(await refused('tests.csv', 'tests.csv')).toMatch(/^REPEATED_DAY_FILE tests\.csv is there twice/);
    expect(await refused('tests.csv', 'colours.csv')).toMatch(/^UNKNOWN_DAY_FILE colours\.csv is no file of a day/);
    await expect(dataRevision(database, 'risk')).resolves.toBe(revision);
    expect(transmissionModel.dayTables).toEqual(riskFolder.tables.map(({ name }) => name));
  }, 300_000);

  it('are taken in once: the same files of the same day are the same run, and change nothing', async () => {
    const tables = files.get('2026-03-19')!;
    const revision = await dataRevision(database, 'risk');
    const { started } = await begin(await input('2026-03-19', tables));
    expect(started).toBe(false);
    const again = await taken('2026-03-19', tables, { key: 'again' });
    await keepHistory('ingest.unchanged', again.run);
    expect(again.metrics).toMatchObject({ imported_rows: 0, changed_rows: 0, recomputed_persons: 0 });
    await expect(dataRevision(database, 'risk')).resolves.toBe(revision);
    await expect(inferences.newest()).resolves.not.toMatchObject({ run: again.run });
  }, 300_000);

  it('change, by late and withdrawn rows, whom they concern, and nobody whom no contact joins with them', async () => {
    const before = (await inferences.newest()).run;
    const toTest = await chosen();
    const header = 'test_id,person_id,day,kind,result\n';
    const late = await taken('2026-03-19', { tests: `${header}late-1,lone-a,2026-03-17,pcr,positive\n` });
    expect(late.metrics).toMatchObject({ changed_rows: 1, recomputed_persons: 1, persons: 302 });
    const [was, is] = [await kept(before), await kept(late.run)];
    expect(is.get('lone-a')).not.toBe(was.get('lone-a'));
    for (const [id, row] of was) if (id !== 'lone-a') expect(is.get(id)).toBe(row);
    expect(toTest.length).toBeGreaterThan(10);
    expect(await chosen()).toEqual(toTest.filter((id) => id !== 'lone-a'));
    const riskOf = (rows: typeof was) => (JSON.parse(rows.get('lone-a')!) as { risk: number }).risk;
    expect(riskOf(is)).toBeGreaterThan(20 * riskOf(was));

    const withdrawn = await taken('2026-03-19', { tests: `${header}late-1,lone-a,2026-03-17,pcr,retracted\n` });
    expect(riskOf(await kept(withdrawn.run))).toBeCloseTo(riskOf(was), 6);
    expect((await kept(withdrawn.run)).size).toBe(302);
  }, 300_000);

  it('keep rows of days before the window, count them, and refuse bad ones one by one', async () => {
    const header = 'from_id,to_id,day,channel,units,mutual\n';
    const early = await taken('2026-03-19', {
      contacts: `${header}lone-a,lone-b,2026-03-01,work,4,true\nlone-a,nobody,2026-03-19,work,4,true\n`,
    });
    expect(early.metrics).toMatchObject({ imported_rows: 1, rejected_rows: 1, rows_before_window: 1 });
    expect(early.metrics).toMatchObject({ changed_rows: 0, recomputed_persons: 0 });
    expect(early.imported.reasons).toEqual([expect.stringMatching(/^contacts\.csv line 3, to_id: .*nobody/)]);
  }, 300_000);

  it('give the same when a worker is killed on the way', async () => {
    const tables = files.get('2026-03-20')!;
    const of = await input('2026-03-20', tables);
    const { result } = await begin(of);
    for (;;) {
      const { step, fraction } = await records.runs.read(of.runId).catch(() => ({ step: null, fraction: null }));
      if (step === 'sample' && fraction !== null) break;
      await new Promise((resume) => setTimeout(resume, 5));
    }
    await killWorker(place);
    expect((await result).metrics).toMatchObject({ moved_days: 1, goes_on: 1 });
    const rows = await kept(of.runId);
    expect(rows.size).toBe(302);
    await database.pool.query('delete from risk.inference where run = $1', [of.runId]);
    const again = await taken('2026-03-20', tables, { key: 'unbroken' });
    expect(await kept(again.run)).toEqual(rows);
  }, 300_000);

  it('are inferred of everybody where the run before had another number of chains', async () => {
    const header = 'test_id,person_id,day,kind,result\n';
    const tests = (id: string) => ({ tests: `${header}${id},lone-b,2026-03-18,pcr,negative\n` });
    const three = await taken('2026-03-20', tests('three'), { chains: 3 });
    expect(three.metrics).toMatchObject({ goes_on: 1, changed_rows: 1, recomputed_persons: 302 });
    const two = await taken('2026-03-20', tests('two'));
    expect(two.metrics).toMatchObject({ goes_on: 1, changed_rows: 1, recomputed_persons: 302 });
    const part = await taken('2026-03-20', tests('part'));
    expect(part.metrics).toMatchObject({ goes_on: 1, changed_rows: 1, recomputed_persons: 1 });
  }, 300_000);

  it('change nothing where all that they tell is of persons who came after the window', async () => {
    await importRisk(database, written('later', { persons: 'person_id,region,reports\nlater-a,0,true\n' }), {
      validFrom: new Date('2026-03-25T00:00:00Z'),
    });
    const tests = 'test_id,person_id,day,kind,result\nlater-1,later-a,2026-03-18,pcr,positive\n';
    const later = await taken('2026-03-20', { tests });
    expect(later.metrics).toMatchObject({ imported_rows: 1, recomputed_persons: 0 });
  }, 300_000);

  const model = 'risk/transmission';
  const audit = (from: Date, key: string) => {
    const wish = { from: from.toISOString(), to: new Date(Date.now() + 60_000).toISOString() };
    return startSkewAudit(platform.temporal, skewInput({ model, options: wish, idempotencyKey: key }, new Date()));
  };

  it('come out the same when an audit replays what they kept: of everybody, of a part, of a window that moved', async () => {
    const { rows } = await database.pool.query<{ run: string; moved: boolean }>(
      `select run, first_day > (select first_day from risk.inference b where b.run = i.continues) as moved
       from risk.inference i where continues is null or continues in (select run from risk.inference)`,
    );
    expect(rows.length).toBeGreaterThan(3);
    expect(rows.map(({ moved }) => moved)).toEqual(expect.arrayContaining([true, false]));
    const before = await Promise.all(rows.map(({ run }) => kept(run)));
    const run = await audit(began, 'clean');
    const report = await run.result();
    expect(report).toMatchObject({ differing: 0, skew: [], shares: { risk: 0, infectious: 0, r_hat: 0 } });
    const replays = (await records.runs.page(50)).filter(({ options: { replayOf } }) => replayOf !== undefined);
    expect(replays.map(({ options: { replayOf } }) => replayOf).sort()).toEqual(rows.map((one) => one.run).sort());
    expect(report.rows).toBe(replays.reduce((sum, { metrics }) => sum + metrics!['rows']!, 0));
    expect(replays.map(({ metrics }) => metrics!['rows'])).toEqual(expect.arrayContaining([302, 1]));
    expect(await Promise.all(rows.map((one) => kept(one.run)))).toEqual(before);
    await keepHistory('skew.replayed', run.runId);
  }, 600_000);

  it('are found by an audit where what was kept is another, which names nobody', async () => {
    const { run } = await inferences.newest();
    const owner = await connectDatabase({ url: platform.scratch.url });
    const changed = `update risk.timeline set risk = 0.5 where run = $1 and person = (select number from risk.person where person_id = 'lone-b')`;
    await owner.pool.query(changed, [run]);
    const { rows } = await owner.pool.query<{ at: Date }>(
      'select completed_at as at from risk.inference where run = $1',
      [run],
    );
    await owner.close();
    const planted = await audit(rows[0]!.at, 'planted');
    await expect(planted.result()).rejects.toMatchObject({
      code: 'SKEW_FOUND',
      message: expect.stringMatching(
        /^risk\/transmission: 1 of 1 answers come out otherwise: risk in 1 \(by up to [\d.]+; /,
      ),
      details: { features: ['risk'], differing: 1 },
    });
    const row = await records.runs.read(planted.runId);
    expect(row).toMatchObject({ state: 'failed', errorCode: 'SKEW_FOUND', metrics: { risk: 1, exposed: 0 } });
    for (const { errorMessage, result } of await records.runs.page(50))
      expect(`${errorMessage} ${JSON.stringify(result)}`).not.toMatch(/lone-|\bp\d+\b/);
  }, 300_000);

  it('are profiled beside what the version learned from, in shares that name nobody', async () => {
    const profile = (day: string, key: string) =>
      startDriftProfile(platform.temporal, driftInput({ model, options: { day }, idempotencyKey: key }, new Date()));
    const drift = new DriftLog(database);
    await expect((await profile('2026-02-01', 'empty')).result()).rejects.toMatchObject({ code: 'NOTHING_RECORDED' });
    await expect(drift.profiles(model, 9)).resolves.toEqual([]);
    const calm = await (await profile('2026-03-20', 'calm')).result();
    expect(calm).toMatchObject({ day: '2026-03-20', version: 1, rows: 302 * 7, referenceRows: 302 * 18 });
    expect(calm.drifted).not.toContain('contacts');
    const header = 'from_id,to_id,day,channel,units,mutual\n';
    const gone = [...files].filter(([day]) => day > '2026-03-13').map(([, { contacts = '' }]) => contacts);
    const rows = gone.flatMap((text) => text.trimEnd().split('\n').slice(1));
    const back = rows.map((row) => row.replace(/,\d+,true$/, ',0,true')).join('\n');
    await importRisk(database, written('gone', { persons: lone.persons, contacts: `${header}${back}\n` }), {
      validFrom: new Date('2026-01-01T00:00:00Z'),
    });
    const { drifted } = await (await profile('2026-03-20', 'gone')).result();
    expect(drifted).toEqual(expect.arrayContaining(['contacts', 'contact_units']));
    const [newest, ...others] = await drift.profiles(model, 9);
    expect(others).toEqual([]);
    expect(newest!.features.map(({ feature }) => feature)).toEqual(Object.keys(personDayFeatures));
    expect(JSON.stringify(newest)).not.toMatch(/lone-|"p\d+/);
  }, 300_000);

  it('are inferred anew on a schedule', async () => {
    const { temporal } = platform;
    const wish = { kind: 'infer', model: 'risk/transmission', options: { model: options, chains: 1 } } as const;
    await createSchedule(temporal, {
      name: 'anew',
      wish,
      cron: '0 3 1 1 *',
      timeZone: 'Asia/Kolkata',
      overlap: 'SKIP',
    });
    await triggerSchedule(temporal, 'anew');
    const ofSchedule = async () =>
      (await records.runs.page(20)).find(({ kind, options: of }) => kind === 'infer' && of['replayOf'] === undefined);
    for (;;) {
      const run = await ofSchedule();
      if (run?.state === 'completed') break;
      expect(run?.state).not.toBe('failed');
      await new Promise((resume) => setTimeout(resume, 50));
    }
    expect((await ofSchedule())?.options).toMatchObject({ chains: 1 });
  }, 300_000);
});
