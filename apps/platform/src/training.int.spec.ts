import { AuditTrail, changeData, connectDatabase, RunLog } from '@haat/data-access';
import { faultRounds } from '@haat/data-access/testing';
import { domainOf } from '@haat/kit';
import { askSubgraph } from '@haat/platform/testing';
import type { TrainInput } from '@haat/workflows';
import { connectTemporal, describeRun, type Temporal } from '@haat/workflows/client';
import { startPlatformStage, type PlatformStage } from './testing/platform.stage.ts';
import { sampleCard } from './testing/sample.model.ts';

let stage: PlatformStage;
let temporal: Temporal;

beforeAll(async () => {
  stage = await startPlatformStage([sampleCard]);
  temporal = await connectTemporal({ address: stage.temporal.address, namespace: 'default' });
}, 900_000);

afterAll(async () => {
  await temporal?.close();
  await stage?.stop();
});

type Answer = Awaited<ReturnType<typeof askSubgraph>>;

const ask = (query: string, variables: object = {}): Promise<Answer> =>
  askSubgraph({ url: stage.url, name: 'platform' }, query, variables);

async function answered<T>(field: string, query: string, variables: object = {}): Promise<T> {
  const { data, errors } = await ask(query, variables);
  expect(errors).toBeUndefined();
  return data[field] as T;
}

const refusal = async (query: string, variables: object = {}) =>
  (await ask(query, variables)).errors![0]!.extensions.code;

const train = (input: object): Promise<{ id: string; state: string; options: TrainInput['options'] }> =>
  answered('trainModel', 'mutation ($input: TrainModelInput!) { trainModel(input: $input) { id state options } }', {
    input: { model: sampleCard.name, ...input },
  });

const backfill = (input: object): Promise<{ id: string; kind: string; options: object }> =>
  answered(
    'startBackfill',
    'mutation ($input: StartBackfillInput!) { startBackfill(input: $input) { id kind options } }',
    {
      input: { model: sampleCard.name, ...input },
    },
  );

async function auditOf(subject: string): Promise<readonly string[]> {
  const database = await connectDatabase({ url: stage.scratch.urls['haat_platform']! });
  const entries = await new AuditTrail(database).page(100, { subject });
  await database.close();
  return entries.map(({ action, actor }) => `${actor} ${action}`);
}

const { rounds, each, seed, timeoutMs, report } = faultRounds({ short: 1, long: 5, secondsEach: 30 });
/** How many ask at once. */
const CROWD = 100;

describe('the same wish of a hundred at once', () => {
  it.each([
    ['a training', 'training-asked-at-once', train, 'train.start'],
    ['a backfill', 'backfill-asked-at-once', backfill, 'backfill.start'],
  ])(
    'to start %s is one run and one audit entry, with a hundred equal answers',
    async (_what, fault, start, action) => {
      const seen: { answers: number; runs: number; entries: readonly string[]; state: string | undefined }[] = [];
      for (const round of each()) {
        const idempotencyKey = `${fault} ${seed}/${round}`;
        const answers = await Promise.all(Array.from({ length: CROWD }, () => start({ idempotencyKey })));
        const { id } = answers[0]!;
        seen.push({
          answers: new Set(answers.map((answer) => JSON.stringify(answer))).size,
          runs: new Set(answers.map((answer) => answer.id)).size,
          entries: await auditOf(id),
          state: (await describeRun(temporal, id))?.state,
        });
      }
      const surplus = (of: (one: (typeof seen)[number]) => number) =>
        seen.reduce((sum, one) => sum + Math.max(0, of(one) - 1), 0);
      report(fault, {
        happened: `${rounds} runs, ${CROWD} requests for each at once, each run once in the audit trail`,
        lost: seen.filter(({ state, entries }) => state === undefined || entries.length === 0).length,
        double: Math.max(
          surplus(({ runs }) => runs),
          surplus(({ entries }) => entries.length),
        ),
        failed: surplus(({ answers }) => answers),
      });
      const one = { answers: 1, runs: 1, entries: [`user:test ${action}`], state: 'queued' };
      expect(seen).toEqual(seen.map(() => one));
    },
    timeoutMs,
  );
});

describe('trainModel', () => {
  it('starts one workflow from the stored card, however often the same is asked', async () => {
    const first = await train({ options: { ridge: 20 }, seed: 7, promote: false });
    const again = await train({ seed: 7, promote: false, options: { ridge: 20 } });
    expect(again).toEqual(first);
    expect(first.id).toMatch(/^train\/packaging-sample\/[0-9a-f]{16}$/);
    expect(first.state).toBe('queued');
    const description = await describeRun(temporal, first.id);
    expect(description).toMatchObject({ runId: first.id, state: 'queued' });
    expect(first.options).toEqual({ asOf: expect.any(String), seed: 7, promote: 'never', model: { ridge: 20 } });
  });

  it.each([
    ['another option', { options: { ridge: 21 } }],
    ['another seed', { seed: 8 }],
    ['another key', { idempotencyKey: 'again' }],
    ['a moment', { asOf: '2026-01-01T00:00:00.000Z' }],
  ])('starts another run for %s', async (_what, input) => {
    const plain = await train({});
    const other = await train(input);
    expect(other.id).not.toBe(plain.id);
    expect(await describeRun(temporal, other.id)).not.toBeNull();
  });
});

describe('checks of what is served', () => {
  async function start(field: string, input: object): Promise<{ id: string; kind: string; options: object }> {
    const type = field === 'startSkewAudit' ? 'SkewAuditInput' : 'DriftProfileInput';
    const { data, errors } = await askSubgraph(
      { url: stage.url, name: 'platform' },
      `mutation ($input: ${type}!) { started: ${field}(input: $input) { id kind options } }`,
      { input: { model: sampleCard.name, ...input } },
    );
    if (errors) throw Object.assign(new Error('refused'), { errors });
    return data['started'] as { id: string; kind: string; options: object };
  }

  it.each([
    ['startSkewAudit', 'skew', { from: '2026-03-01T00:00:00.000Z', to: '2026-03-02T00:00:00.000Z', rows: 7, seed: 3 }],
    ['startDriftProfile', 'drift', { day: '2026-03-01' }],
  ])(
    '%s starts one run of kind %s, however often the same is asked, and it stands in the audit trail',
    async (field, kind, input) => {
      const first = await start(field, input);
      expect(await start(field, input)).toEqual(first);
      expect(first).toMatchObject({ kind, options: input });
      expect(first.id).toMatch(new RegExp(`^${kind}/packaging-sample/[0-9a-f]{16}$`));
      expect(await describeRun(temporal, first.id)).toMatchObject({ state: 'queued' });
      const other = await start(field, { ...input, idempotencyKey: 'again' });
      expect(other.id).not.toBe(first.id);
      const platform = await connectDatabase({ url: stage.scratch.urls['haat_platform']! });
      const entries = await new AuditTrail(platform).page(9, { subject: first.id });
      await platform.close();
      expect(entries).toMatchObject([
        { actor: 'user:test', action: `${kind}.start`, domain: 'packaging', details: { options: input } },
      ]);
    },
  );

  it.each([
    ['startSkewAudit', { rows: 0 }, 'INVALID_ARGUMENT'],
    ['startSkewAudit', { from: '2026-03-02T00:00:00Z', to: '2026-03-01T00:00:00Z' }, 'INVALID_ARGUMENT'],
    ['startSkewAudit', { model: 'packaging/none' }, 'UNKNOWN_MODEL'],
    ['startDriftProfile', { day: '2026-02-30' }, 'INVALID_ARGUMENT'],
    ['startDriftProfile', { day: 'yesterday' }, 'INVALID_ARGUMENT'],
  ])('%s refuses %j as %s', async (field, input, code) => {
    await expect(start(field, input)).rejects.toMatchObject({ errors: [{ extensions: { code } }] });
  });
});

describe('startBackfill', () => {
  it('starts a run from what is asked, with what is not said filled in', async () => {
    expect(await backfill({ canary: 0.5 })).toMatchObject({
      kind: 'backfill',
      options: { canary: 0.5, dryRun: false },
    });
  });

  it.each([
    ['a dry run', { dryRun: true }],
    ['another selection', { selection: { which: 'all' } }],
    ['another key', { idempotencyKey: 'again' }],
  ])('starts another run for %s, and the same for another pace', async (_what, input) => {
    const plain = await backfill({});
    expect((await backfill(input)).id).not.toBe(plain.id);
    expect((await backfill({ chunkSize: 7, rowsPerSecond: 3 })).id).toBe(plain.id);
  });

  it.each([
    ['canary', 0],
    ['canary', 1.5],
    ['chunkSize', 0],
    ['concurrency', 65],
    ['rowsPerSecond', -1],
  ])('refuses %s = %d', async (field, value) => {
    const input = { model: sampleCard.name, [field]: value };
    const query = 'mutation ($input: StartBackfillInput!) { startBackfill(input: $input) { id } }';
    expect(await refusal(query, { input })).toBe('INVALID_ARGUMENT');
    expect(await refusal(query, { input: { model: 'packaging/none' } })).toBe('UNKNOWN_MODEL');
  });
});

describe('undoBackfill', () => {
  it('refuses, and starts nothing for, a run that goes on, a dry run and a training', async () => {
    const undo = 'mutation ($run: ID!) { undoBackfill(run: $run) { id } }';
    const refused = async ({ id }: { id: string }) => [await refusal(undo, { run: id }), (await auditOf(id)).length];
    expect(await refused(await backfill({ seed: 8 }))).toEqual(['RUN_NOT_ENDED', 1]);
    expect(await refused(await backfill({ seed: 8, dryRun: true }))).toEqual(['NOT_UNDOABLE', 1]);
    expect(await refused(await train({ seed: 8 }))).toEqual(['NOT_UNDOABLE', 1]);
  });

  it('goes at the pace that is asked for, and refuses one that makes no sense', async () => {
    const { id: run } = await backfill({ seed: 10 });
    const database = await connectDatabase({ url: stage.scratch.urls['haat_platform']! });
    await new RunLog(database).complete(run, { metrics: {}, result: {} });
    await database.close();
    const undo =
      'mutation ($run: ID!, $chunkSize: Int, $concurrency: Int, $rowsPerSecond: Float) { undoBackfill(run: $run, chunkSize: $chunkSize, concurrency: $concurrency, rowsPerSecond: $rowsPerSecond) { options } }';
    for (const senseless of [{ chunkSize: 0 }, { concurrency: 65 }, { rowsPerSecond: -1 }]) {
      expect(await refusal(undo, { run, ...senseless })).toBe('INVALID_ARGUMENT');
    }
    const { options } = await answered<{ options: object }>('undoBackfill', undo, {
      run,
      chunkSize: 7,
      rowsPerSecond: 3,
    });
    expect(options).toMatchObject({ of: run, chunkSize: 7, concurrency: 2, rowsPerSecond: 3, force: false });
  });

  it('makes the wish for what was undone a new one', async () => {
    const { id } = await backfill({ seed: 9 });
    expect((await backfill({ seed: 9 })).id).toBe(id);
    const database = await connectDatabase({ url: stage.scratch.urls['haat_platform']! });
    await new RunLog(database).create({ id: 'undo/of/9', kind: 'undo', model: sampleCard.name, options: {} });
    await database.close();
    expect((await backfill({ seed: 9 })).id).not.toBe(id);
  });
});

describe('a run', () => {
  const deed = (name: string, id: string) => ask(`mutation ($id: ID!) { ${name}(id: $id) { id } }`, { id });

  it('that no worker takes says so, and what to do', async () => {
    const { id } = await backfill({ seed: 5 });
    const run = await answered<{ pending: object[]; advice: string[]; events: object[] }>(
      'run',
      'query ($id: ID!) { run(id: $id) { pending { step state } advice events { number text } } }',
      { id },
    );
    expect(run.pending).toEqual([{ step: 'workflow', state: 'waiting' }]);
    expect(run.advice.join(' ')).toContain('haat status');
    expect(run.events).toEqual([{ number: 1, text: 'started' }]);
  });

  it('is paused, resumed, cancelled, and retried once it has failed: each with an audit entry, by who asked', async () => {
    const { id } = await backfill({ seed: 6 });
    expect((await deed('retryRun', id)).errors![0]!.extensions.code).toBe('RUN_NOT_FAILED');
    for (const name of ['pauseRun', 'resumeRun', 'cancelRun']) expect((await deed(name, id)).errors).toBeUndefined();
    expect((await auditOf(id)).toReversed()).toEqual(
      ['backfill.start', 'run.pause', 'run.resume', 'run.cancel'].map((action) => `user:test ${action}`),
    );
    await temporal.client.workflow.getHandle(id).terminate();
    const [again, twice] = [await deed('retryRun', id), await deed('retryRun', id)];
    const { id: retried } = again.data!['retryRun']! as { id: string };
    expect(twice).toEqual(again);
    expect(retried).not.toBe(id);
    expect(await auditOf(retried)).toEqual(['user:test backfill.start']);
    expect((await deed('pauseRun', (await train({ seed: 77 })).id)).errors![0]!.extensions.code).toBe(
      'RUN_CANNOT_PAUSE',
    );
  });
});

describe('a day', () => {
  const fields = 'id kind options';
  const ingest = `mutation ($input: IngestDayInput!) { ingestDay(input: $input) { ${fields} } }`;
  const plan = 'query ($input: IngestDayInput!) { ingestDayRun(input: $input) }';
  const digest = 'ab'.repeat(32);
  const day = {
    model: sampleCard.name,
    day: '2026-03-01',
    files: [
      { name: 'tests.csv', digest },
      { name: 'contacts.parquet', digest },
    ],
  };

  it('is taken in by one run, whatever the order of its files, and by another one for another key', async () => {
    const run = await answered<{ id: string }>('ingestDay', ingest, { input: day });
    expect(run).toMatchObject({ kind: 'ingest', options: { day: '2026-03-01', chains: 4, seed: 1, model: {} } });
    const again = await answered('ingestDay', ingest, { input: { ...day, files: day.files.toReversed() } });
    expect(again).toEqual(run);
    expect(await auditOf(run.id)).toEqual(['user:test ingest.start']);
    const other = await answered<{ id: string }>('ingestDay', ingest, { input: { ...day, idempotencyKey: 'b' } });
    expect(other.id).not.toBe(run.id);
    expect(await answered('ingestDayRun', plan, { input: day })).toBe(run.id);
  });

  it('is taken in again by another run, once, where the data changed since', async () => {
    const input = { ...day, day: '2026-03-02' };
    const owner = await connectDatabase({ url: stage.scratch.url });
    const planned = () => answered<string>('ingestDayRun', plan, { input });
    const change = () => changeData(owner, domainOf(sampleCard.name), (_client, revision) => Promise.resolve(revision));
    const takenIn = async (revision: number) => {
      const { id } = await answered<{ id: string }>('ingestDay', ingest, { input });
      await new RunLog(owner).complete(id, { metrics: {}, result: { snapshot: { revision } } });
      return id;
    };
    const first = await takenIn(await change());
    expect(await planned()).toBe(first);
    const second = await takenIn(await change());
    expect(second).not.toBe(first);
    expect(await planned()).toBe(second);
    await owner.close();
  });

  it.each([
    ['a day that is none', { day: '2026-02-30' }, 'INVALID_ARGUMENT'],
    ['a day that has not come', { day: '9999-01-01' }, 'INVALID_ARGUMENT'],
    ['no file', { files: [] }, 'INVALID_ARGUMENT'],
    ['a file elsewhere', { files: [{ name: '../tests.csv', digest }] }, 'INVALID_ARGUMENT'],
    [
      'a file that is named twice',
      { files: ['a', 'b'].map((digit) => ({ name: 'tests.csv', digest: digit.repeat(64) })) },
      'REPEATED_DAY_FILE',
    ],
    ['a file of a table that days do not have', { files: [{ name: 'colours.csv', digest }] }, 'UNKNOWN_DAY_FILE'],
    ['a digest that is none', { files: [{ name: 'tests.csv', digest: 'ab' }] }, 'INVALID_ARGUMENT'],
    ['an option that the model does not know', { options: { weeks: 2 } }, 'INVALID_ARGUMENT'],
    ['a model that is none', { model: 'packaging/none' }, 'UNKNOWN_MODEL'],
  ])('is refused for %s', async (_what, over, code) => {
    const runs = () => answered('runs', '{ runs(first: 50) { edges { node { id } } } }');
    const before = await runs();
    expect(await refusal(ingest, { input: { ...day, ...over } })).toBe(code);
    expect(await refusal(plan, { input: { ...day, ...over } })).toBe(code);
    expect(await runs()).toEqual(before);
  });
});

describe('a schedule', () => {
  const fields = 'name kind model options cron timeZone overlap paused';
  const create = `mutation ($input: CreateScheduleInput!) { createSchedule(input: $input) { ${fields} } }`;
  const nightly = { name: 'nightly', kind: 'train', model: sampleCard.name, cron: '0 2 * * *', options: { seed: 3 } };

  it('is created, listed, paused, resumed and deleted, each with an audit entry', async () => {
    const made = await answered<object>('createSchedule', create, { input: nightly });
    expect(made).toEqual({ ...nightly, timeZone: 'Asia/Kolkata', overlap: 'SKIP', paused: false });
    expect(await refusal(create, { input: nightly })).toBe('SCHEDULE_EXISTS');
    for (const [name, paused] of [
      ['pauseSchedule', true],
      ['resumeSchedule', false],
    ] as const) {
      const query = `mutation { ${name}(name: "nightly") { ${fields} } }`;
      expect(await answered(name, query)).toMatchObject({ paused });
    }
    for (;;) {
      // Temporal lists what it indexed, a moment later.
      const listed = await answered<object[]>('schedules', `{ schedules { ${fields} } }`);
      if (listed.length === 0) continue;
      expect(listed).toEqual([made]);
      break;
    }
    await answered('deleteSchedule', `mutation { deleteSchedule(name: "nightly") { name } }`);
    expect(await refusal(`mutation { deleteSchedule(name: "nightly") { name } }`)).toBe('UNKNOWN_SCHEDULE');
    expect((await auditOf('nightly')).toReversed()).toEqual(
      ['create', 'pause', 'resume', 'delete'].map((verb) => `user:test schedule.${verb}`),
    );
  });

  it.each([
    ['skew', { rows: 500, seed: 2 }, { from: '2026-01-01' }],
    ['drift', { falseAlarms: 0.01 }, { day: '2026-01-01' }],
    ['infer', { chains: 2, model: { days: 5 } }, { asOf: '2026-01-01' }],
    ['infer', { seed: 2 }, { model: { weeks: 1 } }],
  ])('makes runs of kind %s, whose moment is the turn alone', async (kind, options, moment) => {
    const input = { ...nightly, name: kind, kind, options };
    expect(await answered('createSchedule', create, { input })).toMatchObject(input);
    await answered('deleteSchedule', `mutation { deleteSchedule(name: "${kind}") { name } }`);
    expect(await refusal(create, { input: { ...input, options: moment } })).toBe('INVALID_ARGUMENT');
  });

  it.each([
    ['times that are none', { cron: 'every night' }, 'INVALID_SCHEDULE'],
    ['a name that is none', { name: 'No Name' }, 'INVALID_SCHEDULE'],
    ['an option that its runs do not know', { options: { canary: 0.5 } }, 'INVALID_ARGUMENT'],
    ['an option that the model does not know', { options: { model: { rigde: 1 } } }, 'INVALID_ARGUMENT'],
    ['a model that is none', { model: 'packaging/none' }, 'UNKNOWN_MODEL'],
  ])('is refused for %s', async (_what, over, code) => {
    expect(await refusal(create, { input: { ...nightly, name: 'other', ...over } })).toBe(code);
  });
});
