import { BackfillLog, connectDatabase, RunLog, type BackfillRecord, type Database } from '@haat/data-access';
import { startScratchDatabase, type ScratchDatabase } from '@haat/data-access/testing';
import { openUndo } from './activities/undo.steps.ts';
import { tableStatements, type BackfillTable } from './backfill.table.ts';
import { reportOf, type MoveRow } from './change.moves.ts';
import { onceInTransaction, type ChunkKey } from './chunk.transaction.ts';

const table: BackfillTable = {
  name: 'public.toy',
  key: 'id',
  columns: { label: 'text', amount: 'float8', at: 'timestamptz', bytes: 'bytea', document: 'jsonb' },
  constants: { run: 'text' },
  label: 'label',
  measures: [],
};
const statements = tableStatements(table);
const digest = 'ab'.repeat(32);

let scratch: ScratchDatabase;
let database: Database;
let runs = 0;

beforeAll(async () => {
  scratch = await startScratchDatabase();
  database = await connectDatabase({ url: scratch.url, poolSize: 20 });
  await database.pool.query(`create table public.toy (id text collate "C" primary key, label text, amount float8,
    at timestamptz, bytes bytea, document jsonb, run text)`);
});

afterAll(async () => {
  await database?.close();
  await scratch?.stop();
});

beforeEach(async () => void (await database.pool.query('truncate public.toy')));

async function open(undoes?: string): Promise<BackfillRecord> {
  const run = `toy/${(runs += 1)}`;
  await new RunLog(database).create({ id: run, kind: 'backfill', model: 'toy/toy', options: {} });
  return new BackfillLog(database).open({ run, model: 'toy/toy', ref: null, scope: {}, undoes, total: 2 });
}

const chunkOf = (backfill: BackfillRecord, number = 0): ChunkKey => ({
  backfill,
  domain: 'toy',
  range: { number, after: null, through: '~' },
});

const write = (backfill: BackfillRecord, keys: readonly string[], label: string, chunk = 0) =>
  onceInTransaction(database, chunkOf(backfill, chunk), async (client) => {
    const nulls = keys.map(() => null);
    const columns = [keys.map(() => label), nulls, nulls, nulls, nulls, backfill.run];
    const evidence = keys.map(() => '{}').join('\n');
    const parameters = [keys, evidence, backfill.id, 'toy', digest, ...columns];
    const { rows } = await client.query<MoveRow>(statements.write, parameters);
    return { rows: keys.length, report: reportOf(table, rows) };
  });

async function undo(of: BackfillRecord, force = false) {
  const own = await open(of.run);
  return onceInTransaction(database, chunkOf(own), async (client) => {
    const { rows } = await client.query<MoveRow>(statements.undo, [of.id, null, '~', force, own.id]);
    return { rows: rows.reduce((sum, { rows: n }) => sum + n, 0), report: reportOf(table, rows) };
  });
}

/** Every byte of every row, by the binary form that PostgreSQL sends. */
async function bytes(): Promise<string> {
  const { rows } = await database.pool.query<{ all: string }>(
    `select string_agg(encode(record_send(t), 'hex'), ',' order by id) as all from public.toy t`,
  );
  return rows[0]!.all;
}

describe('before-images', () => {
  it('give every byte back: the sign of zero, NaN, infinities, microseconds, quotes, control characters, nulls', async () => {
    await database.pool.query(`insert into public.toy values
      ('a', E'tab\\tquote"back\\\\slash\\nनमस्ते', '-0', '2026-01-01 00:00:00.000001+05:30', '\\x00ff', '{"b": 1.50, "a": [null]}', 'x'),
      ('b', '', 'NaN', 'infinity', '', 'null', null),
      ('c', null, '0.1', '0044-03-15 BC', null, null, ''),
      ('d', 'NULL', '5e-324', '-infinity', '\\x5c', '"text"', 'y'),
      ('e', '(,)', '1.7976931348623157e308', '1900-01-01', '\\x27', '1e400', 'z'),
      ('f', '{}', '-Infinity', null, null, '[]', null)`);
    const before = await bytes();
    const run = await open();
    expect(await write(run, ['a', 'b', 'c', 'd', 'e', 'f', 'new'], 'changed')).toEqual({ rows: 7, changed: 7 });
    expect(await bytes()).not.toBe(before);
    expect(await undo(run)).toEqual({ rows: 7, changed: 7 });
    expect(await bytes()).toBe(before);
  });

  it.each([
    ['the sign of a zero', `amount = '-0'`],
    ['a microsecond', `at = '2026-01-01 00:00:00.000001Z'`],
    ['a null that becomes empty', `bytes = ''`],
  ])('are kept from rows that were changed since by no more than %s', async (_what, change) => {
    await database.pool.query(`insert into public.toy values ('a', 'old', 0), ('b', 'old', 0)`);
    const run = await open();
    await write(run, ['a', 'b'], 'new');
    await database.pool.query(`update public.toy set amount = 0, at = '2026-01-01Z' where id = 'a'`);
    const second = await open();
    await database.pool.query(`update public.toy set amount = 0 where id = 'b'`);
    await write(second, ['b'], 'newer');
    await database.pool.query(`update public.toy set ${change} where id = 'b'`);
    expect(await undo(second)).toEqual({ rows: 1, changed: 0 });
    expect(await undo(run)).toEqual({ rows: 2, changed: 0 });
    expect(await undo(run, true)).toEqual({ rows: 2, changed: 2 });
    const { rows } = await database.pool.query('select id, label, amount from public.toy order by id');
    expect(rows).toEqual(['a', 'b'].map((id) => ({ id, label: 'old', amount: 0 })));
  });

  it('make rows again that were deleted since, when forced to', async () => {
    await database.pool.query(`insert into public.toy values ('a', 'old')`);
    const before = await bytes();
    const run = await open();
    await write(run, ['a'], 'new');
    await database.pool.query('delete from public.toy');
    expect(await undo(run)).toEqual({ rows: 1, changed: 0 });
    expect(await undo(run, true)).toEqual({ rows: 1, changed: 1 });
    expect(await bytes()).toBe(before);
  });
});

describe('a chunk', () => {
  it('happens once, however many attempts are made at once and later', async () => {
    const run = await open();
    const attempts = await Promise.all(Array.from({ length: 12 }, () => write(run, ['a', 'b'], 'new')));
    attempts.push(await write(run, ['a', 'b'], 'newer'));
    expect(attempts).toEqual(attempts.map(() => ({ rows: 2, changed: 2 })));
    expect(await new BackfillLog(database).read(run.run)).toMatchObject({ done: 2, changed: 2 });
    const { rows } = await database.pool.query(
      'select count(*)::int as n from platform.backfill_change where backfill = $1',
      [run.id],
    );
    expect(rows).toEqual([{ n: 2 }]);
    await undo(run);
    expect(await bytes()).toBeNull();
  });

  it('that fails leaves nothing, and one of a run that has ended cannot be written', async () => {
    const run = await open();
    const failing = onceInTransaction(database, chunkOf(run), async (client) => {
      await client.query(`insert into public.toy values ('a', 'half')`);
      throw new Error('killed');
    });
    await expect(failing).rejects.toThrow('killed');
    await new BackfillLog(database).close(run.run);
    await expect(write(run, ['a'], 'late')).rejects.toMatchObject({ code: 'RUN_CLOSED' });
    expect(await bytes()).toBeNull();
  });
});

describe('opening an undo', () => {
  it('is refused when the before-images were collected, and counts them all when they were not', async () => {
    const world = { database, runs: new RunLog(database), backfills: new BackfillLog(database) };
    const opening = (of: BackfillRecord) =>
      openUndo(world, {
        runId: `undo/${of.run}`,
        model: 'toy/toy',
        options: { of: of.run, force: false, chunkSize: 10, concurrency: 1, rowsPerSecond: null, chunksPerHistory: 10 },
      });
    const [kept, collected] = [await open(), await open()];
    for (const run of [kept, collected]) {
      await write(run, ['a', 'b'], run.run);
      await world.runs.complete(run.run, { metrics: {}, result: {} });
    }
    await database.pool.query('update platform.backfill set collected_at = now() where id = $1', [collected.id]);
    await expect(opening(collected)).rejects.toMatchObject({
      code: 'NOT_UNDOABLE',
      message: expect.stringContaining('was collected at'),
    });
    expect(await opening(kept)).toEqual({ total: 2, ref: null });
  });
});
