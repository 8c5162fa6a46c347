import { haat, refused, runUntil, type Run } from '../stack/operator.ts';
import { ask, sharedStack } from '../stack/shared.stack.ts';

const model = 'packaging/damage';

interface Move {
  readonly before: string | null;
  readonly after: string | null;
  readonly rows: number;
}
interface Report {
  readonly moves: readonly Move[];
  readonly kept: readonly object[];
}
type Backfill = Run & { readonly report: Report };

const ended = ({ state }: Run) => state !== 'queued' && state !== 'running';
const rowsOf = ({ moves }: Report) => moves.reduce((sum, { rows }) => sum + rows, 0);
const start = (...options: string[]) => haat<Backfill>('backfill', 'start', model, '--select', 'which=all', ...options);

const tomorrowOf = (asOf: string) => new Date(Date.parse(asOf) + 86_400_000).toISOString().slice(0, 10);

/** The run that a schedule started last. */
async function startedBySchedule(): Promise<string> {
  for (;;) {
    const [entry] = await haat<{ subject: string }[]>('audit', '--actor', 'system:schedule');
    if (entry) return entry.subject;
  }
}

describe('an operator', () => {
  it('looks at what a backfill would do, lets it, reads the difference, and undoes it to the row', async () => {
    const { products } = sharedStack();
    const dry = await start('--dry-run');
    expect(dry).toMatchObject({ state: 'completed', backfill: { dryRun: true } });
    const { done } = dry.backfill!;
    expect(done).toBeGreaterThanOrEqual(products);

    const real = await start('--key', 'in earnest');
    expect(real).toMatchObject({ state: 'completed', backfill: { done, changed: rowsOf(dry.report) } });
    expect(real.report.moves).toEqual(dry.report.moves);
    expect(await haat<Report>('backfill', 'diff', real.id)).toEqual(real.report);

    const undone = await haat<Backfill>('backfill', 'undo', real.id, '--reason', 'a try');
    expect(undone).toMatchObject({ state: 'completed', backfill: { changed: rowsOf(real.report), undoes: real.id } });
    expect(undone.report.kept).toEqual([]);
    const backwards = ({ before, after, rows }: Move) => ({ before: after, after: before, rows });
    const forwards = ({ before, after, rows }: Move) => ({ before, after, rows });
    const inOrder = (moves: readonly Move[]) => moves.map((move) => JSON.stringify(move)).toSorted();
    expect(inOrder(undone.report.moves.map(backwards))).toEqual(inOrder(real.report.moves.map(forwards)));
    const [entry] = await haat<{ action: string; reason: string }[]>('audit', '--subject', undone.id);
    expect(entry).toMatchObject({ action: 'undo.start', reason: 'a try' });
  });

  it('pauses a run, lets it go on, and cancels it', async () => {
    const slowly = ['--rate', '1', '--chunk-size', '1', '--concurrency', '1', '--no-wait', '--key', 'slow'];
    const { id } = await start(...slowly);
    await haat('runs', 'pause', id);
    await runUntil(id, ({ backfill }) => backfill?.pausedAt != null);
    await haat('runs', 'resume', id);
    await runUntil(id, ({ backfill }) => backfill !== null && backfill.pausedAt === null);
    await haat('runs', 'cancel', id);
    expect((await runUntil(id, ended)).state).toBe('cancelled');
    expect(await refused('runs', 'resume', id)).toBe('RUN_HAS_ENDED');
  });

  it('tries what was cancelled again, as another run', async () => {
    const asking = await haat<Run>('train', model, '--option', 'ridge=43', '--approval', '--no-wait');
    await runUntil(asking.id, ({ approval }) => approval !== null);
    await haat('runs', 'cancel', asking.id);
    expect((await runUntil(asking.id, ended)).state).toBe('cancelled');
    const again = await haat<Run>('runs', 'retry', asking.id);
    expect(again.id).not.toBe(asking.id);
    await runUntil(again.id, ({ approval }) => approval !== null);
    await haat('models', 'reject', again.id, '--reason', 'a try');
    expect(await runUntil(again.id, ended)).toMatchObject({ state: 'completed', promotion: 'rejected' });
  });

  it('checks that what was served comes out of the facts, and what is asked beside what was learned', async () => {
    const { data } = await ask<{ products: { edges: { node: { packaging: { asOf: string } } }[] } }>(
      '{ products(first: 100) { edges { node { packaging { predictionId asOf } } } } }',
    );
    const audit = await haat<Run & { metrics: { name: string; value: number }[] }>('skew', model, '--rows', '500');
    expect(audit).toMatchObject({ kind: 'skew', state: 'completed' });
    expect(audit.metrics.find(({ name }) => name === 'rows')?.value).toBeGreaterThan(0);
    expect(audit.metrics.filter(({ name, value }) => name !== 'rows' && value !== 0)).toEqual([]);

    expect(
      await refused('drift', 'profile', model, '--day', tomorrowOf(data!.products.edges[0]!.node.packaging.asOf)),
    ).toBe('DAY_NOT_OVER');
  });

  it('puts a backfill on a schedule, takes a turn at once, and takes the schedule away', async () => {
    const name = 'leap-day';
    const schedule = ['schedules', 'create', name, 'backfill', model, '--cron', '0 3 29 2 *'];
    expect(await haat(...schedule)).toMatchObject({ name, kind: 'backfill', paused: false });
    expect(await haat('schedules', 'pause', name)).toMatchObject({ paused: true });
    expect(await haat('schedules', 'resume', name)).toMatchObject({ paused: false });
    await haat('schedules', 'trigger', name);
    const started = await startedBySchedule();
    expect((await runUntil(started, ended)).state).toBe('completed');
    await haat('schedules', 'delete', name);
    expect(await haat<object[]>('schedules')).toEqual([]);
    expect(await refused('schedules', 'trigger', name)).toBe('UNKNOWN_SCHEDULE');
  });
});
