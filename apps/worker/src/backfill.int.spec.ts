import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { AuditTrail, BackfillLog, connectDatabase, contentStore, PredictionLog } from '@haat/data-access';
import { openModel } from '@haat/model-runtime';
import { encodeProducts, type DamageContext } from '@haat/packaging/model';
import { DamageService, heldModel, replayPredictions } from '@haat/packaging/serving';
import { packagingStore } from '@haat/packaging/store';
import {
  backfillInput,
  backfillProgress,
  backfillResult,
  cancelRun,
  createSchedule,
  deleteSchedule,
  describeRun,
  pauseRun,
  pauseSchedule,
  pendingSteps,
  readSchedule,
  runEvents,
  startBackfill,
  startUndo,
  triggerSchedule,
  undoInput,
  type BackfillRequest,
  type UndoRequest,
} from '@haat/workflows/client';
import { backfillLosses } from './testing/backfill.losses.ts';
import { recordHistory } from './testing/recorded.histories.ts';
import {
  fillRecommendationWorld,
  recommendationsDigest,
  type RecommendationWorld,
} from './testing/recommendation.world.ts';
import { startScratchPlatform, type ScratchPlatform } from './testing/scratch.platform.ts';
import { startWorkerProcess, type WorkerProcess } from './testing/worker.process.ts';

const model = 'packaging/damage';
const nothingLost = { lost: 0, double: 0, half: 0 };

let platform: ScratchPlatform;
let world: RecommendationWorld;
let worker: WorkerProcess;
let backfills: BackfillLog;

beforeAll(async () => {
  platform = await startScratchPlatform();
  world = await fillRecommendationWorld(platform, { seed: 5, products: 3_000 });
  worker = await startWorkerProcess('../main.ts', platform.env);
  backfills = new BackfillLog(platform.database);
}, 900_000);

afterAll(async () => {
  await worker?.end('SIGTERM');
  await platform?.stop();
});

const inputOf = (over: Partial<BackfillRequest> = {}) =>
  backfillInput({ model, chunkSize: 500, revision: '1', idempotencyKey: randomUUID(), ...over }, new Date());
const start = async (over: Partial<BackfillRequest> = {}) => {
  const input = inputOf(over);
  await startBackfill(platform.temporal, input);
  return input.runId;
};
const backfill = async (over: Partial<BackfillRequest> = {}) => {
  const runId = await start(over);
  return { runId, ...(await backfillResult(platform.temporal, runId)) };
};
const undo = async (of: string, over: Partial<UndoRequest> = {}) => {
  const input = undoInput({ of, model, chunkSize: 700, ...over });
  await startUndo(platform.temporal, input);
  return { runId: input.runId, ...(await backfillResult(platform.temporal, input.runId)) };
};
const digest = () => recommendationsDigest(platform.database);
const until = async <T>(look: () => Promise<T>, holds: (seen: T) => boolean): Promise<T> => {
  for (;;) {
    const seen = await look();
    if (holds(seen)) return seen;
    await sleep(20);
  }
};
/** With HAAT_RECORD_HISTORIES=1 the histories that the replay test reads are written anew. */
const keepHistory = async (name: string, runId: string) => {
  if (process.env['HAAT_RECORD_HISTORIES'] !== '1') return;
  recordHistory(name, await platform.temporal.client.workflow.getHandle(runId).fetchHistory());
};
const empty = () => platform.database.pool.query('delete from packaging.recommendation');

describe('a backfill of recommendations', () => {
  it('decides for every product, with a before-image and a prediction each, and then finds nothing stale', async () => {
    const first = await backfill();
    expect(first).toMatchObject({ total: world.products, done: world.products, changed: world.products });
    expect(await backfillLosses(platform.database, first.runId, world.products)).toEqual(nothingLost);
    expect(await backfill()).toMatchObject({ total: 0, done: 0, changed: 0 });
    const row = await platform.runs.read(first.runId);
    expect(row).toMatchObject({
      kind: 'backfill',
      state: 'completed',
      fraction: 1,
      result: { changed: world.products },
    });
    expect(row.steps.map(({ step }) => step)).toEqual(['select', 'backfill']);
    const { moves } = await backfills.report(first.runId);
    expect(moves.every(({ before, after }) => before === null && after !== null)).toBe(true);
    expect(moves.reduce((sum, { rows }) => sum + rows, 0)).toBe(world.products);
    await keepHistory('backfill.completed', first.runId);
  });

  it('decides as serving answers, and what it recorded comes out again to the last digit', async () => {
    const { pool } = platform.database;
    const { rows } = await pool.query<{
      id: string;
      package: string | null;
      damage: number | null;
      asOf: Date;
      revision: number;
    }>(
      `select product_id as id, package, expected_damage_inr as damage, facts_as_of as "asOf",
         facts_revision::int as revision
       from packaging.recommendation order by product_id limit 200`,
    );
    const artifact = await contentStore(platform.env['ARTIFACTS_URL']!).get(world.champion.digest);
    const open = await openModel<DamageContext>(artifact, { encode: encodeProducts });
    const service = new DamageService(heldModel({ ref: world.champion, open }));
    const answers = await service.byId(
      packagingStore(platform.database),
      rows.map(({ id }) => id),
      rows[0]!,
    );
    const window = { model, from: new Date(0), to: new Date(Date.now() + 60_000) };
    const recorded = await new PredictionLog(platform.database).sample(window, 200, 1);
    const served = { ref: world.champion, open };
    const replays = await replayPredictions(packagingStore(platform.database), async () => served, recorded);
    await open.close();
    expect(recorded).toHaveLength(200);
    expect(replays.filter(({ same }) => !same)).toEqual([]);
    const recommended = answers.map((answer) => ('recommended' in answer ? answer.recommended : null));
    expect(rows.map(({ package: code, damage }) => [code, damage])).toEqual(
      recommended.map((one) => [one?.packageType.code ?? null, one?.expectedDamageCost ?? null]),
    );
  });

  it('says in a dry run what the real one then does, and writes nothing', async () => {
    await world.promoteAnother(300);
    const before = await digest();
    const counts = () =>
      platform.database.pool.query(
        'select (select count(*) from platform.prediction) p, (select count(*) from platform.backfill_change) c',
      );
    const { rows: recorded } = await counts();
    const dry = await backfill({ dryRun: true });
    expect(dry).toMatchObject({ done: world.products, changed: world.products });
    expect(await digest()).toBe(before);
    expect((await counts()).rows).toEqual(recorded);
    const real = await backfill();
    const [said, done] = [await backfills.report(dry.runId), await backfills.report(real.runId)];
    expect(done.moves.map(({ before: from, after, rows }) => [from, after, rows])).toEqual(
      said.moves.map(({ before: from, after, rows }) => [from, after, rows]),
    );
    await undo(real.runId);
    expect(await digest()).toBe(before);
  });

  it('is undone to the byte, rows that it made are removed, and undoing again changes nothing', async () => {
    await empty();
    const nothing = await digest();
    const made = await backfill();
    const filled = await digest();
    await world.promoteAnother(30);
    const changed = await backfill();
    expect(await digest()).not.toBe(filled);
    expect(await undo(changed.runId)).toMatchObject({ total: world.products, changed: world.products });
    expect(await digest()).toBe(filled);
    expect(await undo(changed.runId, { idempotencyKey: 'again' })).toMatchObject({ total: 0, changed: 0 });
    const last = await undo(made.runId);
    expect(await digest()).toBe(nothing);
    await keepHistory('undo.completed', last.runId);
  });

  it('keeps and reports rows that were changed since, and puts them back when forced to', async () => {
    await empty();
    await backfill();
    const before = await digest();
    await world.promoteAnother(31);
    const run = await backfill();
    const { rows } = await platform.database.pool.query<{ id: string }>(
      `update packaging.recommendation set decided_at = decided_at + interval '1 microsecond'
       where product_id in (select product_id from packaging.recommendation order by product_id limit 3) returning product_id as id`,
    );
    const changed = rows.map(({ id }) => id).sort();
    const gentle = await undo(run.runId);
    expect(gentle).toMatchObject({ done: world.products, changed: world.products - 3 });
    expect((await backfills.report(gentle.runId)).kept).toEqual([
      { reason: 'changed since', rows: 3, examples: changed },
    ]);
    const forced = await undo(run.runId, { force: true });
    expect(forced).toMatchObject({ total: 3, changed: 3 });
    expect(await digest()).toBe(before);
  });

  it('refuses to undo what wrote nothing of its own, and what goes on', async () => {
    const dry = await backfill({ dryRun: true });
    await expect(undo(dry.runId)).rejects.toMatchObject({ code: 'NOT_UNDOABLE' });
    const real = await backfill({ selection: { which: 'all' } });
    const back = await undo(real.runId);
    await expect(undo(back.runId)).rejects.toMatchObject({ code: 'NOT_UNDOABLE' });
    const slow = await start({ selection: { which: 'all' }, chunkSize: 100, rowsPerSecond: 50 });
    await until(
      () => backfills.readAll([slow]),
      ([row]) => (row?.done ?? 0) > 0,
    );
    await expect(undo(slow)).rejects.toMatchObject({ code: 'RUN_NOT_ENDED' });
    await cancelRun(platform.temporal, slow);
    await expect(backfillResult(platform.temporal, slow)).rejects.toMatchObject({ code: 'RUN_CANCELLED' });
  });

  it('waits when it is paused, goes on when it is resumed, and stops when it is cancelled, losing no row that it counted', async () => {
    await empty();
    const run = await start({ chunkSize: 20, rowsPerSecond: 2_000, concurrency: 2 });
    await until(
      () => backfills.readAll([run]),
      ([row]) => (row?.done ?? 0) > 0,
    );
    await pauseRun(platform.temporal, run, true);
    await until(
      () => backfills.read(run),
      ({ pausedAt }) => pausedAt !== null,
    );
    const still = await until(
      () => backfillProgress(platform.temporal, run),
      ({ chunksInFlight }) => chunksInFlight === 0,
    );
    expect(still).toMatchObject({ paused: true, total: world.products });
    expect((await platform.runs.read(run)).message).toMatch(/^paused; \d+ of 3000 rows$/);
    await pauseRun(platform.temporal, run, false);
    const going = await until(
      () => backfills.read(run),
      ({ done }) => done > still.done,
    );
    expect(going).toMatchObject({ pausedAt: null });
    await cancelRun(platform.temporal, run);
    await expect(backfillResult(platform.temporal, run)).rejects.toMatchObject({ code: 'RUN_CANCELLED' });
    const [row, { rows }] = [
      await backfills.read(run),
      await platform.database.pool.query('select count(*)::int as n from packaging.recommendation where run = $1', [
        run,
      ]),
    ];
    expect(row).toMatchObject({ done: rows[0].n, changed: rows[0].n, closedAt: expect.any(Date) });
    expect(row.done).toBeLessThan(world.products);
    expect(await platform.runs.read(run)).toMatchObject({ state: 'cancelled', errorCode: 'RUN_CANCELLED' });
    await keepHistory('backfill.paused-and-cancelled', run);
    await undo(run);
    expect((await platform.database.pool.query('select from packaging.recommendation')).rowCount).toBe(0);
  });

  it('goes on in a new history without losing or repeating a row', async () => {
    await empty();
    const run = await backfill({ chunkSize: 100, chunksPerHistory: 7, concurrency: 3 });
    expect(await backfillLosses(platform.database, run.runId, world.products)).toEqual(nothingLost);
    const { events } = await platform.temporal.client.workflow.getHandle(run.runId).fetchHistory();
    expect(events![0]!.workflowExecutionStartedEventAttributes!.continuedExecutionRunId).not.toBe('');
    await keepHistory('backfill.continued', run.runId);
  });

  it('processes a share of the products, the same for the same seed', async () => {
    await empty();
    const canary = await backfill({ canary: 0.1, seed: 3 });
    expect(canary.done).toBe(world.products);
    expect(Math.abs(canary.changed - world.products * 0.1)).toBeLessThan(5 * Math.sqrt(world.products * 0.09));
    const chosen = await digest();
    await undo(canary.runId);
    const again = await backfill({ canary: 0.1, seed: 3 });
    expect(again.changed).toBe(canary.changed);
    const ids = () => platform.database.pool.query('select product_id from packaging.recommendation order by 1');
    const first = (await ids()).rows;
    await undo(again.runId);
    await backfill({ canary: 0.1, seed: 3 });
    expect((await ids()).rows).toEqual(first);
    expect(chosen).not.toBe(await digest());
  });

  it('takes up what became stale: newer facts, corrected ones, another catalogue, another plan', async () => {
    await empty();
    await backfill({ asOf: '2026-02-01T00:00:00.000Z' });
    const store = packagingStore(platform.database);
    const { facts } = await store.productPage(null, 4, {}, await store.horizon(new Date()));
    const asOf = '2026-02-03T00:00:00.000Z';
    await world.weighAgain(facts.id.slice(0, 2), '2026-02-02T00:00:00Z');
    expect(await backfill({ asOf })).toMatchObject({ total: 2, changed: 2 });
    await world.weighAgain(facts.id.slice(2, 3), '2026-01-15T00:00:00Z');
    expect(await backfill({ asOf })).toMatchObject({ total: 1, changed: 1 });
    await world.raiseFreight('2026-02-01T00:00:00Z');
    expect(await backfill({ asOf })).toMatchObject({ total: world.products });
    const plan = await store.savePlan({
      model,
      modelVersion: 1,
      modelDigest: world.champion.digest,
      asOf: new Date(),
      shippingInr: 1,
      damageInr: 1,
      lowerBoundInr: 1,
      gap: 0,
      lambda: null,
      method: 'exact',
      assignments: { productId: facts.id, package: facts.id.map(() => 'BOX-5') },
    });
    await store.promotePlan(plan.id, new Date());
    expect(await backfill()).toMatchObject({ total: world.products });
  });

  it('runs on a schedule, as a run with an id, a row and an audit entry of its own, and once a turn', async () => {
    await empty();
    const name = 'nightly';
    const wish = { kind: 'backfill', model, options: { chunkSize: 499 } } as const;
    // A time that never comes: its turns are taken by hand.
    const times = { cron: '0 0 31 2 *', timeZone: 'Asia/Kolkata', overlap: 'SKIP' } as const;
    await createSchedule(platform.temporal, { name, wish, ...times });
    await expect(createSchedule(platform.temporal, { name, wish, ...times })).rejects.toMatchObject({
      code: 'SCHEDULE_EXISTS',
    });
    await triggerSchedule(platform.temporal, name);
    const [run] = await until(
      () => platform.runs.page(1, { model }),
      ([newest]) => newest?.kind === 'backfill' && newest.state === 'completed' && newest.options['chunkSize'] === 499,
    );
    expect(await backfillLosses(platform.database, run!.id, world.products)).toEqual(nothingLost);
    const owner = await connectDatabase({ url: platform.scratch.url });
    const [entry] = await new AuditTrail(owner).page(5, { subject: run!.id });
    await owner.close();
    expect(entry).toMatchObject({ actor: 'system:schedule', origin: 'schedule:nightly', action: 'backfill.start' });
    await pauseSchedule(platform.temporal, name, true);
    expect(await readSchedule(platform.temporal, name)).toMatchObject({ name, wish, ...times, paused: true });
    const turn = String(entry!.details['turn']);
    await until(
      () => describeRun(platform.temporal, turn),
      (described) => described?.state === 'completed',
    );
    await keepHistory('schedule.completed', turn);
    await deleteSchedule(platform.temporal, name);
    await expect(readSchedule(platform.temporal, name)).rejects.toMatchObject({ code: 'UNKNOWN_SCHEDULE' });
    const broken = { name: 'never', wish, ...times, cron: 'every night' };
    await expect(createSchedule(platform.temporal, broken)).rejects.toMatchObject({ code: 'INVALID_SCHEDULE' });
  });

  it('says what it waits for when a step fails, and goes on by itself when it can', async () => {
    await empty();
    const owner = await connectDatabase({ url: platform.scratch.url });
    await owner.pool.query('revoke insert on packaging.recommendation from haat_packaging_task');
    const run = await start();
    const [step] = await until(
      () => pendingSteps(platform.temporal, run),
      ([pending]) => pending?.state === 'retrying',
    );
    expect(step).toMatchObject({ step: 'backfillChunk', attemptsAtMost: 20, lastFailure: { code: 'STEP_FAILED' } });
    expect(step!.nextAttemptAt).toBeInstanceOf(Date);
    expect(step!.lastFailure!.message).not.toContain('permission');
    await owner.pool.query('grant insert on packaging.recommendation to haat_packaging_task');
    await owner.close();
    await backfillResult(platform.temporal, run);
    expect(await backfillLosses(platform.database, run, world.products)).toEqual(nothingLost);
    const events = await runEvents(platform.temporal, run);
    expect(events.map(({ number }) => number)).toEqual(events.map((_, at) => at + 1));
    expect(events[0]).toMatchObject({ text: 'started' });
    expect(events.at(-1)).toMatchObject({ text: 'completed' });
    expect(events.some(({ text }) => /^backfillChunk: attempt \d+, after STEP_FAILED/.test(text))).toBe(true);
  });

  it('fails by a typed error on a selection that the domain does not know, a model that has no rows', async () => {
    const wrong = await start({ selection: { which: 'old' } });
    await expect(backfillResult(platform.temporal, wrong)).rejects.toMatchObject({ code: 'INVALID_SELECTION' });
    expect(await platform.runs.read(wrong)).toMatchObject({ state: 'failed', errorCode: 'INVALID_SELECTION' });
    const unknown = await start({ model: 'packaging/none' });
    await expect(backfillResult(platform.temporal, unknown)).rejects.toMatchObject({ code: 'UNKNOWN_BACKFILL_TARGET' });
  });
});
