import { dataRevision } from '@haat/data-access';
import { domainOf, type ModelRef } from '@haat/kit';
import type { BackfillInput, ChunkOutcome, ChunkPlan, ChunkRange, PageCall } from '@haat/workflows';
import { backfillError } from '../backfill.errors.ts';
import type { BackfillTable } from '../backfill.table.ts';
import type { BackfillScope, ComputedRows } from '../backfill.target.ts';
import { inCanary } from '../canary.share.ts';
import { reportOf, type MoveRow } from '../change.moves.ts';
import { committedChunk, onceInTransaction, type ChunkWork, type Client } from '../chunk.transaction.ts';
import type { Backfillable } from './backfill.world.ts';

/** What `openBackfill` fixed, as it stands in the backfill's row. */
interface StoredScope {
  readonly asOf: string;
  readonly revision: number;
  readonly selection: unknown;
  readonly ref: ModelRef;
}

export async function openBackfill(world: Backfillable, input: BackfillInput): Promise<ChunkPlan> {
  const { target, database, runs, backfills, registry } = world;
  const { runId, model, options } = input;
  await runs.create({ id: runId, kind: 'backfill', model, options: { ...options } });
  await runs.beginStep(runId, 'select');
  const ref = await registry.champion(model);
  if (ref === null) throw backfillError('NO_VERSION_PROMOTED', `No version of ${model} is promoted`, { model });
  const selection = selectionOf(world, options.selection);
  const revision = await dataRevision(database, domainOf(model));
  const stored: StoredScope = { asOf: options.asOf, revision, selection, ref };
  const total = await target.count(scopeOf(runId, stored));
  const opened = await backfills.open({ run: runId, model, ref, scope: stored, total });
  await runs.beginStep(runId, 'backfill');
  return { total: opened.total, ref: (opened.scope as StoredScope).ref };
}

/** Every `chunkSize`-th key, and the last one. */
export async function backfillPages(
  world: Backfillable,
  { runId, options, page }: BackfillInput & { page: PageCall },
): Promise<readonly string[]> {
  const { scope } = await world.backfills.read(runId);
  const keys = await world.target.keys(scopeOf(runId, scope as StoredScope), {
    after: page.after,
    limit: page.chunks * options.chunkSize,
  });
  return keys.filter((_, at) => (at + 1) % options.chunkSize === 0 || at === keys.length - 1);
}

export async function backfillChunk(
  world: Backfillable,
  { runId, model, options, range }: BackfillInput & { range: ChunkRange },
  now: Date,
): Promise<ChunkOutcome> {
  const { target, database, backfills } = world;
  const backfill = await backfills.read(runId);
  const key = { backfill, domain: domainOf(model), range };
  const done = await committedChunk(database.pool, key);
  if (done !== null) return done;
  const scope = scopeOf(runId, backfill.scope as StoredScope);
  const keys = await target.keys(scope, range);
  const chosen = keys.filter((one) => inCanary(one, options.seed, options.canary));
  const computed = await target.compute(scope, chosen, now);
  await world.predictions.prepare();
  const outcome = await onceInTransaction(database, key, async (client): Promise<ChunkWork> => {
    const moves = options.dryRun
      ? await compareRows(world, client, computed)
      : await writeRows(world, client, backfill.id, scope, computed);
    return { rows: keys.length, report: reportOf(target.table, moves) };
  });
  await backfills.showProgress(runId);
  return outcome;
}

async function writeRows(
  { target, statements, predictions }: Backfillable,
  client: Client,
  backfill: string,
  { ref, at }: BackfillScope,
  computed: ComputedRows,
): Promise<readonly MoveRow[]> {
  if (computed.keys.length === 0) return [];
  const ids = await predictions.record(ref, at, computed.predictions, client);
  const { rows } = await client.query<MoveRow>(statements.write, [
    computed.keys,
    ids.map((id) => JSON.stringify({ prediction: id })).join('\n'),
    backfill,
    domainOf(target.model),
    ref.digest,
    ...valuesOf(target.table, computed),
  ]);
  return rows;
}

async function compareRows({ target, statements }: Backfillable, client: Client, computed: ComputedRows) {
  const values = valuesOf(target.table, computed);
  return (await client.query<MoveRow>(statements.compare, [computed.keys, ...values])).rows;
}

const valuesOf = ({ columns, constants }: BackfillTable, computed: ComputedRows) => [
  ...Object.keys(columns).map((name) => computed.columns[name]),
  ...Object.keys(constants).map((name) => computed.constants[name]),
];

function scopeOf(runId: string, { asOf, revision, ...rest }: StoredScope): BackfillScope {
  return { ...rest, runId, at: { asOf: new Date(asOf), revision } };
}

function selectionOf({ target }: Backfillable, selection: unknown): unknown {
  const parsed = target.selection.safeParse(selection);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  const field = ['selection', ...path].join('.');
  throw backfillError('INVALID_SELECTION', `${field}: ${message}`, { field });
}
