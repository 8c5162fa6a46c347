import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { BackfillLog, connectDatabase, contentStore, ModelLifecycle, ModelRegistry } from '@haat/data-access';
import { startScratchDatabase } from '@haat/data-access/testing';
import { findTemporal, startTemporal } from '@haat/dev-stack';
import { domains, modelCard, taskUrlVariable } from '@haat/kit';
import { damageModel, damageOptionsSchema } from '@haat/packaging/model';
import { importPackaging, packagingEntities, packagingMigrations, packagingStore } from '@haat/packaging/store';
import { damageTrainer } from '@haat/packaging/training';
import { riskMigrations } from '@haat/risk/store';
import { simulatePackaging, writeWorld } from '@haat/simulators';
import {
  backfillInput,
  backfillResult,
  connectTemporal,
  startBackfill,
  startUndo,
  undoInput,
} from '@haat/workflows/client';
import { freeBasePort } from '../running.stack.mjs';
import { median } from '../timing.mjs';

const SEED = 1;
const PRODUCTS = 60_000;
const REPEATS = 3;
const PEER_ROWS = 10_000;
const STARTS = 200;
const knownFrom = new Date('2026-01-01T00:00:00Z');
const worker = fileURLToPath(new URL('../../../apps/worker/dist/main.js', import.meta.url));

/** A server that commits as in production (but for the disk's own cache), a Temporal server, and a worker as it is deployed. */
async function startGround(folder) {
  const scratch = await startScratchDatabase({
    domains,
    migrations: [packagingMigrations, riskMigrations],
    durable: true,
  });
  const base = await freeBasePort();
  const { path: binary } = await findTemporal();
  const files = { database: join(folder, 'temporal.db'), log: join(folder, 'temporal.log') };
  const server = await startTemporal({ binary, ...files, port: base, uiPort: base + 1 });
  const database = await connectDatabase({ url: scratch.urls.haat_packaging_task, entities: packagingEntities });
  const temporal = await connectTemporal({ address: server.address, namespace: 'default' });
  const artifacts = pathToFileURL(join(folder, 'artifacts')).href;
  const stop = async () => {
    await temporal.close();
    await database.close();
    await server.stop();
    await scratch.stop();
  };
  return { scratch, database, temporal, artifacts, address: server.address, stop };
}

async function startWorker({ scratch, artifacts, address }) {
  const child = spawn(process.execPath, [worker], {
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      PORT: '0',
      TEMPORAL_ADDRESS: address,
      ARTIFACTS_URL: artifacts,
      ...Object.fromEntries(domains.map((domain) => [taskUrlVariable(domain), scratch.urls[`haat_${domain}_task`]])),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  await new Promise((resolve, reject) => {
    exited.then(([status]) => reject(new Error(`the worker ended with ${status}`)), reject);
    createInterface({ input: child.stdout }).on('line', (line) => line.includes('"listening"') && resolve());
  });
  return async () => {
    child.kill('SIGTERM');
    await exited;
  };
}

/** A world of products and a promoted model. */
async function fill({ database, artifacts }, folder) {
  await writeWorld(simulatePackaging({ seed: SEED, products: PRODUCTS }), join(folder, 'world'), 'csv');
  await importPackaging(database, join(folder, 'world'), { validFrom: knownFrom });
  const store = packagingStore(database);
  const known = await store.horizon(knownFrom);
  const [catalogue, facts, counts] = await Promise.all([
    store.catalogue(known),
    store.products(known),
    store.counts(known),
  ]);
  const dataset = { digest: 'e'.repeat(64), rows: counts.rows, ...known };
  const bytes = await damageTrainer.fit({ catalogue, facts, counts }, damageOptionsSchema.parse({}), {
    seed: SEED,
    dataset: { ...dataset, asOf: knownFrom.toISOString() },
    report: () => undefined,
    signal: new AbortController().signal,
  });
  const { digest } = await contentStore(artifacts).put(bytes);
  const registry = new ModelRegistry(database);
  const card = modelCard(damageModel);
  await registry.saveCard(card);
  const version = {
    ...{ model: damageModel.name, runId: 'train/bench', digest, bytes: bytes.length, card, metrics: {}, dataset },
    ...{ gates: [{ gate: 'none', passed: true, evidence: '' }], evaluation: {} },
  };
  const deed = { actor: { subject: 'user:bench', origin: 'bench' } };
  await new ModelLifecycle(database).promote(damageModel.name, (await registry.register(version)).version, deed);
}

async function rowsPerSecond(ground, start, runId, rows) {
  const before = performance.now();
  await start;
  await backfillResult(ground.temporal, runId);
  const elapsed = (performance.now() - before) / 1000;
  const { beganAt, closedAt } = await new BackfillLog(ground.database).read(runId);
  return { whole: rows / elapsed, chunks: (rows * 1000) / (closedAt - beganAt) };
}

/** What is done without any of this: one UPDATE a row, values known, nothing kept of what was. */
async function plainUpdates({ database }) {
  const { rows } = await database.pool.query(
    'select product_id, package, expected_damage_inr, shipping_inr from packaging.recommendation limit $1',
    [PEER_ROWS],
  );
  const client = await database.pool.connect();
  const before = performance.now();
  for (const row of rows) {
    await client.query({
      name: 'plain-update',
      text: `update packaging.recommendation set package = $2, expected_damage_inr = $3, shipping_inr = $4, decided_at = now()
        where product_id = $1`,
      values: [row.product_id, row.package, row.expected_damage_inr, row.shipping_inr],
    });
  }
  const value = (rows.length * 1000) / (performance.now() - before);
  client.release();
  return value;
}

export async function run(reporter) {
  const folder = mkdtempSync(join(tmpdir(), 'haat-bench-backfill-'));
  chmodSync(folder, 0o755);
  const ground = await startGround(folder);
  const row = (metric, value, unit, size, peer) => reporter.row({ metric, value, unit, size, seed: SEED, peer });
  let stopWorker = async () => undefined;
  try {
    await fill(ground, folder);
    stopWorker = await startWorker(ground);
    const backfill = async (key, wish) => {
      const input = backfillInput({ model: damageModel.name, revision: key, ...wish }, new Date());
      const rates = await rowsPerSecond(ground, startBackfill(ground.temporal, input), input.runId, PRODUCTS);
      return { runId: input.runId, ...rates };
    };
    const size = `${PRODUCTS} rows`;
    const first = await backfill('first', {});
    row('backfill.insert', first.whole, 'rows/s', size);
    const again = [];
    for (let at = 0; at < REPEATS; at++) again.push(await backfill(`again ${at}`, { selection: { which: 'all' } }));
    row('backfill.update', median(again.map(({ whole }) => whole)), 'rows/s', `${size}, with start and end of the run`);
    row('backfill.update.chunks', median(again.map(({ chunks }) => chunks)), 'rows/s', `${size}, chunks alone`);
    const undo = undoInput({ of: again.at(-1).runId, model: damageModel.name });
    const undone = await rowsPerSecond(ground, startUndo(ground.temporal, undo), undo.runId, PRODUCTS);
    row('backfill.undo', undone.whole, 'rows/s', size);
    row(
      'backfill.update',
      await plainUpdates(ground),
      'rows/s',
      `${PEER_ROWS} rows`,
      'a loop of UPDATEs: no model, no record',
    );

    const inputs = Array.from({ length: STARTS }, (_, at) =>
      backfillInput(
        { model: damageModel.name, revision: `start ${at}`, selection: { category: 'no such category' } },
        new Date(),
      ),
    );
    const before = performance.now();
    await Promise.all(inputs.map((input) => startBackfill(ground.temporal, input)));
    row('workflow.starts', (STARTS * 1000) / (performance.now() - before), 'starts/s', `${STARTS} at once`);
  } finally {
    await stopWorker();
    await ground.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
