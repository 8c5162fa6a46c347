import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ContentGarbage } from '../content/content.garbage.ts';
import { contentStore } from '../content/store.address.ts';
import { connectDatabase, lease, type Database } from '../database/database.connection.ts';
import { AuditTrail } from '../platform/audit.trail.ts';
import { backfillAccess } from '../platform/backfill.access.ts';
import { BackfillLog } from '../platform/backfill.log.ts';
import { auditAccess, domainAccess, registryAccess } from '../platform/domain.access.ts';
import { ModelLifecycle } from '../platform/model.lifecycle.ts';
import { ModelRegistry } from '../platform/model.registry.ts';
import { PredictionLog } from '../platform/prediction.log.ts';
import { RunLog } from '../platform/run.log.ts';
import { startScratchDatabase, type ScratchDatabase } from '../testing/index.ts';
import { sampleCard, sampleVersion } from '../testing/sample.version.ts';
import { Retention } from './retention.ts';

const model = 'packaging/damage';
const deed = { actor: { subject: 'user:asha', origin: 'test' } };
const DAY_MS = 86_400_000;
const now = new Date();
const daysAgo = (days: number) => new Date(now.getTime() - days * DAY_MS);
const dayOf = (at: Date) => at.toISOString().slice(0, 10);

let scratch: ScratchDatabase;
let owner: Database;
let platform: Database;
let task: Database;
let retention: Retention;

beforeAll(async () => {
  scratch = await startScratchDatabase();
  owner = await connectDatabase({ url: scratch.url });
  for (const statement of [domainAccess, auditAccess, registryAccess, backfillAccess].flatMap((access) =>
    access('packaging'),
  )) {
    await owner.pool.query(statement);
  }
  platform = await connectDatabase({ url: scratch.urls['haat_platform']! });
  task = await connectDatabase({ url: scratch.urls['haat_packaging_task']! });
  retention = new Retention(platform, { predictionDays: 400, undoDays: 90 });
  await new ModelRegistry(platform).saveCard(sampleCard(model));
});

afterAll(async () => {
  for (const database of [owner, platform, task]) await database?.close();
  await scratch?.stop();
});

let things = 0;

/** A prediction of a day, as it would be had it been recorded then. */
async function predicted(at: Date, { version, digest } = { version: 99, digest: 'ab'.repeat(32) }): Promise<string> {
  await owner.pool.query(
    `create table if not exists platform.prediction_${dayOf(at).replaceAll('-', '')} partition of platform.prediction
     for values from ('${dayOf(at)} 00:00+00') to ('${dayOf(new Date(at.getTime() + DAY_MS))} 00:00+00')`,
  );
  const time = at.getTime().toString(16).padStart(12, '0');
  const id = `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${String(++things).padStart(12, '0')}`;
  await owner.pool.query(
    `insert into platform.prediction (id, recorded_at, model, version, digest, as_of, revision, input, output)
     values ($1, $2, $3, $4, $5, $2, 0, '{}', '{}')`,
    [id, at, model, version, digest],
  );
  return id;
}

/** A backfill with three before-images that began and ended at a time; one in flight where that is null. */
async function backfilled(endedAt: Date | null, digest = 'cd'.repeat(32)): Promise<string> {
  const run = `backfill/${++things}`;
  await new RunLog(task).create({ id: run, kind: 'backfill', model, options: { dryRun: false } });
  const ref = { model, version: 1, digest };
  const { id } = await new BackfillLog(task).open({ run, model, ref, scope: {}, total: 3 });
  await task.pool.query(
    `insert into platform.backfill_change (backfill, key, domain, before, after_digest, model_digest, evidence)
     select $1, key, 'packaging', null, '\\x00', '\\x00', '{}' from unnest('{a,b,c}'::text[]) key`,
    [id],
  );
  await task.pool.query('update platform.backfill set changed = 3, done = 3 where id = $1', [id]);
  if (endedAt !== null) {
    await owner.pool.query('update platform.run set finished_at = $2 where id = $1', [run, endedAt]);
    await owner.pool.query('update platform.backfill set began_at = $2, closed_at = $2 where id = $1', [id, endedAt]);
  }
  return run;
}

const undoing = (of: string) =>
  new RunLog(task).create({ id: `undo/${of}`, kind: 'undo', model, options: { of, force: false } });
const ended = (run: string) => new RunLog(task).complete(run, { metrics: {}, result: {} });
const imagesOf = async (run: string) =>
  (
    await owner.pool.query<{ n: number }>(
      'select count(*)::int as n from platform.backfill_change c join platform.backfill b on b.id = c.backfill where b.run = $1',
      [run],
    )
  ).rows[0]!.n;
const partitions = async () =>
  (
    await owner.pool.query<{ name: string }>(
      `select inhrelid::regclass::text as name from pg_inherits where inhparent = 'platform.prediction'::regclass order by 1`,
    )
  ).rows.map(({ name }) => name.slice(-8));
const entries = async (action: string) =>
  (await new AuditTrail(platform).page(1_000)).filter((entry) => entry.action === action);
const whyOf = (report: readonly { id: string; why: string }[], id: string) => report.find((one) => one.id === id)?.why;

describe('the retention of before-images', () => {
  it('lists what would go and why the rest stays, then takes exactly that, once', async () => {
    const [old, young, going, undone] = [
      await backfilled(daysAgo(90.01)),
      await backfilled(daysAgo(89.99)),
      await backfilled(null),
      await backfilled(daysAgo(200)),
    ];
    await undoing(undone);
    const dry = await retention.judge(now);
    expect(dry.collected).toEqual([
      { id: `before-images/${old}`, bytes: null, rows: 3, why: `it ended at ${daysAgo(90.01).toISOString()}` },
    ]);
    expect(dry.kept.filter(({ rows }) => rows !== null)).toEqual([
      {
        id: `before-images/${young}`,
        bytes: null,
        rows: 3,
        why: `it ended at ${daysAgo(89.99).toISOString()} and can be undone`,
      },
      { id: `before-images/${going}`, bytes: null, rows: 3, why: 'its run is in flight' },
      { id: `before-images/${undone}`, bytes: null, rows: 3, why: `run undo/${undone} is in flight and undoes it` },
    ]);
    expect(await imagesOf(old)).toBe(3);

    expect(await retention.collect(now, deed)).toEqual(dry);
    expect(await Promise.all([old, young, going, undone].map(imagesOf))).toEqual([0, 3, 3, 3]);
    expect(await retention.collect(now, deed)).toEqual({ collected: [], kept: dry.kept });
    expect(await entries('backfill.collect')).toMatchObject([
      { subject: old, domain: 'packaging', actor: 'user:asha', origin: 'test', details: { rows: 3, undoDays: 90 } },
    ]);
    const [marked, unmarked] = await new BackfillLog(task).readAll([old, young]);
    expect([marked!.collectedAt, unmarked!.collectedAt]).toEqual([expect.any(Date), null]);

    await ended(`undo/${undone}`);
    expect((await retention.collect(now, deed)).collected.map(({ id }) => id)).toEqual([`before-images/${undone}`]);
    await ended(going);
  });

  it('is finished by the next collection where one died after the mark, with one entry', async () => {
    const run = await backfilled(daysAgo(91));
    await platform.pool.query('update platform.backfill set collected_at = now() where run = $1', [run]);
    const before = (await entries('backfill.collect')).length;
    expect(whyOf((await retention.judge(now)).collected, `before-images/${run}`)).toContain('it ended at');
    await Promise.all([retention.collect(now, deed), retention.collect(now, deed)]);
    expect(await imagesOf(run)).toBe(0);
    expect((await entries('backfill.collect')).length).toBe(before);
  });

  it('marks once, however many collect at once', async () => {
    const run = await backfilled(daysAgo(91));
    await Promise.all(Array.from({ length: 4 }, () => retention.collect(now, deed)));
    expect(await imagesOf(run)).toBe(0);
    expect((await entries('backfill.collect')).filter(({ subject }) => subject === run)).toHaveLength(1);
  });

  it('never lets an undo begin with a part of them, whoever comes first', async () => {
    for (let round = 0; round < 20; round++) {
      const run = await backfilled(daysAgo(91));
      const opening = async () => {
        if (round % 2 === 0) await new Promise((resolve) => setImmediate(resolve));
        await undoing(run);
        return new BackfillLog(task).settled(run);
      };
      const [settled] = await Promise.all([opening(), retention.collect(now, deed)]);
      await ended(`undo/${run}`);
      expect(await imagesOf(run)).toBe(settled!.collectedAt === null ? 3 : 0);
      await retention.collect(now, deed);
    }
  });

  it('makes an opening undo wait for a mark that is being set, and then see it', async () => {
    const run = await backfilled(daysAgo(91));
    const collector = await lease(platform);
    await collector.query('begin');
    await collector.query('update platform.backfill set collected_at = now() where run = $1', [run]);
    const settled = new BackfillLog(task).settled(run);
    await expect(Promise.race([settled, new Promise((resolve) => setTimeout(resolve, 50, 'waits'))])).resolves.toBe(
      'waits',
    );
    await collector.query('commit');
    collector.release();
    expect((await settled)!.collectedAt).toEqual(expect.any(Date));
    await retention.collect(now, deed);
  });
});

describe('the retention of predictions', () => {
  it('drops whole days that are older than promised and that nothing needs; the dry run says the same', async () => {
    const [gone, cited, checked, young] = [daysAgo(500), daysAgo(450), daysAgo(420), daysAgo(399)];
    const ids = [await predicted(gone), await predicted(cited), await predicted(checked), await predicted(young)];
    const citing = await backfilled(cited);
    await undoing(citing);
    const check = 'skew/1';
    const options = { from: daysAgo(421).toISOString(), to: daysAgo(419.5).toISOString(), rows: 10, seed: 1 };
    await new RunLog(task).create({ id: check, kind: 'skew', model, options });
    const idOf = (at: Date) => `predictions/${dayOf(at)}`;

    const dry = await retention.judge(now);
    expect(dry.collected).toEqual([
      { id: idOf(gone), bytes: expect.any(Number), rows: null, why: 'older than 400 days' },
    ]);
    expect(dry.collected[0]!.bytes).toBeGreaterThan(0);
    expect(whyOf(dry.kept, idOf(cited))).toBe(`run ${citing} can be undone, and its before-images name them`);
    expect(whyOf(dry.kept, idOf(checked))).toBe(`run ${check} is in flight and reads them`);
    expect(whyOf(dry.kept, idOf(young))).toBe('kept for 400 days');
    const before = await partitions();

    expect(await retention.collect(now, deed)).toEqual(dry);
    expect(await partitions()).toEqual(before.filter((name) => name !== dayOf(gone).replaceAll('-', '')));
    const log = new PredictionLog(task);
    expect((await Promise.all(ids.map((id) => log.read(id)))).map((one) => one !== null)).toEqual([
      false,
      true,
      true,
      true,
    ]);
    expect(await retention.collect(now, deed)).toEqual({ collected: [], kept: dry.kept });
    expect(await entries('prediction.collect')).toMatchObject([
      { subject: idOf(gone), domain: 'platform', details: { predictionDays: 400, why: 'older than 400 days' } },
    ]);

    await ended(`undo/${citing}`);
    await ended(check);
    const after = await retention.judge(now);
    expect(after.collected.map(({ id }) => id)).toEqual([`before-images/${citing}`, idOf(cited), idOf(checked)]);
    expect(await retention.collect(now, deed)).toEqual(after);
  });

  it('gives way where predictions are in use, records nothing of it, and takes the day the next time', async () => {
    const at = daysAgo(600);
    const id = await predicted(at);
    const reader = await lease(task);
    await reader.query('begin');
    await reader.query('select count(*) from platform.prediction');
    const busy = await retention.collect(now, deed);
    expect(busy.collected).toEqual([]);
    expect(whyOf(busy.kept, `predictions/${dayOf(at)}`)).toContain('in use at this moment');
    expect((await entries('prediction.collect')).some(({ subject }) => subject.endsWith(dayOf(at)))).toBe(false);
    await reader.query('rollback');
    reader.release();
    expect(await new PredictionLog(task).read(id)).not.toBeNull();
    expect((await retention.collect(now, deed)).collected.map((one) => one.id)).toEqual([`predictions/${dayOf(at)}`]);
  });

  it('is held to a month by the database, whatever a policy says', async () => {
    await predicted(daysAgo(25));
    const hasty = new Retention(platform, { predictionDays: 1, undoDays: 90 });
    await expect(hasty.collect(now, deed)).rejects.toThrow('30 days old');
    for (const [database, statement] of [
      [task, `select platform.drop_prediction_partition('2020-01-01')`],
      [platform, `delete from platform.prediction`],
      [platform, `drop table platform.prediction_${dayOf(daysAgo(25)).replaceAll('-', '')}`],
      [platform, `select before from platform.backfill_change`],
    ] as const) {
      await expect(database.pool.query(statement)).rejects.toThrow(/permission denied|must be owner/);
    }
    const run = await backfilled(daysAgo(1));
    const { rowCount } = await platform.pool.query('delete from platform.backfill_change');
    expect([rowCount, await imagesOf(run)]).toEqual([0, 3]);
  });
});

describe('what retention lets go', () => {
  it('is what the garbage of the store waits for: an artifact stays with its predictions and its undo, and goes after them', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'haat-retention-'));
    const store = contentStore(join(folder, 'artifacts'));
    const put = async (text: string) => (await store.put(new TextEncoder().encode(text))).digest;
    const [digest, dataset] = [await put('artifact'), await put('snapshot')];
    const { version } = await new ModelRegistry(platform).register(
      sampleVersion('train/1', {
        digest,
        dataset: { digest: dataset, rows: 1, asOf: new Date('2026-01-01'), revision: 0 },
      }),
    );
    await predicted(daysAgo(450), { version, digest });
    const run = await backfilled(daysAgo(80), digest);
    await new ModelLifecycle(platform).archive(model, version, deed);
    const garbage = new ContentGarbage(platform, store);
    const later = new Date(Date.now() + 60_000);
    const whyKept = async () => [...new Set((await garbage.judge(later)).kept.map(({ why }) => why))];
    const elevenDaysOn = daysAgo(-11);

    expect(await whyKept()).toEqual([`predictions that are kept were made by ${model}@${version}`]);
    await retention.collect(now, deed);
    expect(await whyKept()).toEqual([
      `rows that run ${run} wrote, and that can be undone, were computed by ${model}@${version}`,
    ]);
    await retention.collect(elevenDaysOn, deed);
    expect(await whyKept()).toEqual([]);
    const { collected } = await garbage.collect(later, deed);
    expect(collected.map((one) => one.digest)).toEqual([digest, dataset].toSorted());
    rmSync(folder, { recursive: true, force: true });
  });
});
