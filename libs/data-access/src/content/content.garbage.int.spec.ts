import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { connectDatabase, type Database } from '../database/database.connection.ts';
import { auditAccess, domainAccess, registryAccess } from '../platform/domain.access.ts';
import { AuditTrail } from '../platform/audit.trail.ts';
import { backfillAccess } from '../platform/backfill.access.ts';
import { BackfillLog } from '../platform/backfill.log.ts';
import { ModelLifecycle } from '../platform/model.lifecycle.ts';
import { ModelRegistry } from '../platform/model.registry.ts';
import { PredictionLog } from '../platform/prediction.log.ts';
import { RunLog } from '../platform/run.log.ts';
import { startScratchDatabase, type ScratchDatabase } from '../testing/index.ts';
import { sampleCard, sampleVersion } from '../testing/sample.version.ts';
import { ContentGarbage } from './content.garbage.ts';
import { ContentHolds } from './content.holds.ts';
import { announcing, type ContentStore } from './content.store.ts';
import { contentStore } from './store.address.ts';

const model = 'packaging/damage';
const deed = { actor: { subject: 'user:asha', origin: 'test' } };
const held = { runId: 'train/held', model };

let folder: string;
let scratch: ScratchDatabase;
let platform: Database;
let task: Database;
let store: ContentStore;
let garbage: ContentGarbage;
let registry: ModelRegistry;
let lifecycle: ModelLifecycle;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'haat-garbage-'));
  scratch = await startScratchDatabase();
  const owner = await connectDatabase({ url: scratch.url });
  for (const statement of [domainAccess, auditAccess, registryAccess, backfillAccess].flatMap((access) =>
    access('packaging'),
  )) {
    await owner.pool.query(statement);
  }
  await owner.close();
  platform = await connectDatabase({ url: scratch.urls['haat_platform']! });
  task = await connectDatabase({ url: scratch.urls['haat_packaging_task']! });
  store = contentStore(join(folder, 'artifacts'));
  garbage = new ContentGarbage(platform, store);
  [registry, lifecycle] = [new ModelRegistry(platform), new ModelLifecycle(platform)];
  await registry.saveCard(sampleCard(model));
});

afterAll(async () => {
  for (const database of [platform, task]) await database?.close();
  await scratch?.stop();
  rmSync(folder, { recursive: true, force: true });
});

let texts = 0;
const content = async () => (await store.put(new TextEncoder().encode(`content ${++texts}`))).digest;

/** A version with an artifact and a snapshot of its own. */
async function registered(over: { digest?: string; dataset?: string } = {}) {
  const digest = over.digest ?? (await content());
  const dataset = over.dataset ?? (await content());
  const { version } = await registry.register(
    sampleVersion(`train/${++texts}`, {
      digest,
      dataset: { digest: dataset, rows: 1, asOf: new Date('2026-01-01'), revision: 0 },
    }),
  );
  return { version, digest, dataset };
}

const archived = async (over: { digest?: string; dataset?: string } = {}) => {
  const made = await registered(over);
  await lifecycle.archive(model, made.version, deed);
  return made;
};
/** Everything that has happened so far is older. */
const later = () => new Date(Date.now() + 60_000);
const stored = async () => (await Array.fromAsync(store.list())).map(({ digest }) => digest).toSorted();
const code = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error: { code: string }) => error.code,
  );

describe('collecting garbage', () => {
  it('lists what would go and why the rest stays, then takes exactly that, once', async () => {
    const champion = await registered();
    await lifecycle.promote(model, champion.version, deed);
    const serving = await registered();
    const [prediction] = await new PredictionLog(platform).record(
      { model, ...serving },
      { asOf: new Date(), revision: 0 },
      [{ input: {}, output: {} }],
    );
    await lifecycle.archive(model, serving.version, deed);
    const gone = await archived();
    const sharing = await archived({ dataset: champion.dataset });
    const orphan = await content();
    await new RunLog(task).create({ id: held.runId, kind: 'train', model, options: {} });
    const inFlight = await announcing(store, (digest) => new ContentHolds(task).hold(held, digest)).put(
      new TextEncoder().encode('in flight'),
    );
    const why = (report: { digest: string; why: string }[]) =>
      Object.fromEntries(report.map(({ digest, why: reason }) => [digest, reason]));

    const all = await stored();
    const young = await garbage.judge(new Date(0));
    expect(young.collected).toEqual([]);
    expect(young.kept.map(({ digest }) => digest)).toEqual(all);

    const cutoff = later();
    const dry = await garbage.judge(cutoff);
    expect(await stored()).toEqual(all);
    expect(why([...dry.collected])).toEqual({
      [gone.digest]: `archived: ${model}@${gone.version}`,
      [gone.dataset]: `archived: ${model}@${gone.version}`,
      [sharing.digest]: `archived: ${model}@${sharing.version}`,
      [orphan]: 'nobody refers to it',
    });
    expect(why([...dry.kept])).toMatchObject({
      [champion.digest]: `${model}@${champion.version} is the champion`,
      [champion.dataset]: expect.stringContaining('is the champion'),
      [serving.digest]: expect.stringContaining('predictions that are kept'),
      [serving.dataset]: expect.stringContaining('predictions that are kept'),
      [inFlight.digest]: expect.stringContaining(held.runId),
    });

    expect(await garbage.collect(cutoff, deed)).toEqual(dry);
    const left = dry.kept.map(({ digest }) => digest);
    expect(await stored()).toEqual(left);
    expect(await garbage.collect(cutoff, deed)).toEqual({ collected: [], kept: dry.kept });
    const entries = await new AuditTrail(platform).page(100);
    expect(
      entries
        .filter(({ action }) => action === 'content.collect')
        .map(({ subject, domain }) => `${subject} ${domain}`)
        .sort(),
    ).toEqual(
      dry.collected.map(({ digest }) => `content/${digest} ${digest === orphan ? 'platform' : 'packaging'}`).sort(),
    );
    expect(await code(lifecycle.unarchive(model, gone.version, deed))).toBe('CONTENT_COLLECTED');
    expect((await lifecycle.unarchive(model, serving.version, deed)).archivedAt).toBeNull();
    expect(await new PredictionLog(platform).read(prediction!)).toMatchObject({ digest: serving.digest });
  });

  it('keeps what a run needs that began before the version was archived, until it ends', async () => {
    const { digest, version } = await registered();
    await new RunLog(task).create({ id: 'backfill/1', kind: 'backfill', model, options: {} });
    await lifecycle.archive(model, version, deed);
    const whyKept = async () => (await garbage.judge(later())).kept.find((one) => one.digest === digest)?.why;
    expect(await whyKept()).toContain('run backfill/1 is in flight');
    await new RunLog(task).complete('backfill/1', { metrics: {}, result: {} });
    await new RunLog(task).complete(held.runId, { metrics: {}, result: {} });
    expect(await whyKept()).toBeUndefined();
  });

  it('forgets what runs held that have ended, and nothing of those that have not', async () => {
    const runs = new RunLog(task);
    for (const runId of ['train/ended', 'train/runs']) {
      await runs.create({ id: runId, kind: 'train', model, options: {} });
      await new ContentHolds(task).hold({ runId, model }, '0'.repeat(64));
    }
    await runs.fail('train/ended', 'cancelled', 'RUN_CANCELLED', 'enough');
    await garbage.collect(later(), deed);
    const { rows } = await platform.pool.query(
      `select run_id from platform.content_hold where run_id in ('train/ended', 'train/runs')`,
    );
    expect(rows).toEqual([{ run_id: 'train/runs' }]);
    await runs.fail('train/runs', 'cancelled', 'RUN_CANCELLED', 'enough');
  });

  it.each([
    ['keeps what computed the rows of a backfill', 'backfill/real', { dryRun: false }, 1, 'run backfill/real wrote'],
    ['lets go what only a dry run computed with', 'backfill/dry', { dryRun: true }, 1, undefined],
    ['lets go what computed no row', 'backfill/none', { dryRun: false }, 0, undefined],
  ])('%s', async (_what, run, options, changed, why) => {
    const { digest, version } = await registered();
    await new RunLog(task).create({ id: run, kind: 'backfill', model, options });
    await new BackfillLog(task).open({ run, model, ref: { model, version, digest }, scope: {}, total: 1 });
    await task.pool.query('update platform.backfill set changed = $2 where run = $1', [run, changed]);
    await new RunLog(task).complete(run, { metrics: {}, result: {} });
    await lifecycle.archive(model, version, deed);
    const { kept } = await garbage.judge(later());
    const found = kept.find((one) => one.digest === digest)?.why;
    expect(found).toEqual(why && expect.stringContaining(why));
  });

  it('leaves a version that cannot be taken back, not one without its artifact, when it dies in between', async () => {
    const { digest, version } = await archived();
    const dying = new ContentGarbage(platform, { ...store, remove: () => Promise.reject(new Error('killed')) });
    await expect(dying.collect(later(), deed)).rejects.toThrow('killed');
    await garbage.collect(later(), deed);
    expect(await stored()).not.toContain(digest);
    expect(await code(lifecycle.unarchive(model, version, deed))).toBe('CONTENT_COLLECTED');
  });
});

describe('collecting garbage while others work', () => {
  it('never takes what a run stores again at the same moment', async () => {
    const holds = new ContentHolds(task);
    for (let round = 0; round < 40; round++) {
      const bytes = new TextEncoder().encode(`raced ${round}`);
      const { digest } = await store.put(bytes);
      const run = { runId: `train/race/${round}`, model };
      await new RunLog(task).create({ id: run.runId, kind: 'train', model, options: {} });
      await Promise.all([
        garbage.collect(later(), deed),
        (async () => {
          await new Promise((resolve) => setTimeout(resolve, round % 8));
          await announcing(store, (coming) => holds.hold(run, coming)).put(bytes);
        })(),
      ]);
      expect(Buffer.from(await store.get(digest))).toEqual(Buffer.from(bytes));
      await new RunLog(task).complete(run.runId, { metrics: {}, result: {} });
    }
  }, 60_000);

  it('never leaves a champion without its artifact, whoever takes it back and promotes it meanwhile', async () => {
    const outcomes = new Set<string>();
    for (let round = 0; round < 20; round++) {
      const { digest, dataset, version } = await archived();
      const [, taken] = await Promise.all([
        garbage.collect(later(), deed),
        (async () => {
          await new Promise((resolve) => setTimeout(resolve, round % 6));
          const back = await code(lifecycle.unarchive(model, version, deed));
          return back === 'done' ? code(lifecycle.promote(model, version, deed)) : back;
        })(),
      ]);
      outcomes.add(taken);
      const there = (await stored()).filter((one) => one === digest || one === dataset);
      const champion = (await registry.champion(model))?.version === version;
      expect([champion, champion ? there.length : 2]).toEqual([taken === 'done', 2]);
    }
    expect([...outcomes].every((outcome) => outcome === 'done' || outcome === 'CONTENT_COLLECTED')).toBe(true);
  }, 60_000);
});
