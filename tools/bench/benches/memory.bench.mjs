import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startStack, stateFolder } from '../running.stack.mjs';

const ROWS = 100;
const WARM_UP = 20_000;
const PREDICTIONS = 100_000;
const WINDOWS = 20;
const query = `{ products(first: ${ROWS}) { edges { node { id packaging { damageProbabilities { probability } predictionId } } } } }`;

/** Slope of a straight line through equally spaced values (least squares), a step. */
function slope(values) {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const covariance = values.reduce((sum, value, k) => sum + (k - middle) * (value - mean), 0);
  return covariance / values.reduce((sum, _, k) => sum + (k - middle) ** 2, 0);
}

/** The debugger of an app that was started with `--inspect`: `call(method)` resolves with what it answers. */
async function inspector(folder, app) {
  const log = await readFile(join(folder, 'logs', `${app}.log`), 'utf8');
  const socket = new WebSocket(/Debugger listening on (ws:\S+)/.exec(log)[1]);
  await new Promise((resolve, reject) => Object.assign(socket, { onopen: resolve, onerror: reject }));
  const waiting = new Map();
  socket.onmessage = ({ data }) => {
    const { id, result } = JSON.parse(data);
    waiting.get(id)?.(result);
  };
  const call = (method) =>
    new Promise((resolve) => {
      const id = waiting.size;
      waiting.set(id, resolve);
      socket.send(JSON.stringify({ id, method }));
    });
  return { call, close: () => socket.close() };
}

/** What an app holds after a collection, MiB: objects of JavaScript with the memory outside that they own, and all of the process. */
async function memoryOf(origin, { call }) {
  await call('HeapProfiler.collectGarbage');
  const { usedSize, backingStorageSize = 0 } = await call('Runtime.getHeapUsage');
  const metrics = await (await fetch(`${origin}/metrics`)).text();
  const resident = Number(/^process_resident_memory_bytes\{[^}]*\} (\S+)/m.exec(metrics)[1]);
  return { heap: (usedSize + backingStorageSize) / 2 ** 20, resident: resident / 2 ** 20 };
}

async function predict({ graphql, headers }, predictions) {
  for (let done = 0; done < predictions; done += ROWS) {
    const answer = await fetch(graphql, {
      method: 'POST',
      headers: await headers(),
      body: JSON.stringify({ query }),
    });
    const { errors } = await answer.json();
    if (errors) throw new Error(JSON.stringify(errors).slice(0, 500));
  }
}

/**
 * Memory of the gateway and of packaging while 100,000 predictions are answered and recorded, looked at after a full collection at
 * the start and at the end of each of twenty parts. A leak is a trend of the heap; the resident memory also grows while V8 sees no
 * need to collect.
 */
export async function run(reporter) {
  const folder = stateFolder();
  const stack = await startStack(['--demo', '--products', '2000'], folder, { NODE_OPTIONS: '--inspect=127.0.0.1:0' });
  const { origin, port } = new URL(stack.graphql);
  const apps = { gateway: origin, packaging: `http://127.0.0.1:${Number(port) + 2}` };
  const inspectors = {};
  const seen = Object.fromEntries(Object.keys(apps).map((app) => [app, { heap: [], resident: [] }]));
  try {
    for (const app of Object.keys(apps)) inspectors[app] = await inspector(folder, app);
    await predict(stack, WARM_UP);
    for (let part = 0; part <= WINDOWS; part++) {
      if (part > 0) await predict(stack, PREDICTIONS / WINDOWS);
      for (const [app, { heap, resident }] of Object.entries(seen)) {
        const now = await memoryOf(apps[app], inspectors[app]);
        heap.push(now.heap);
        resident.push(now.resident);
      }
    }
    for (const [app, { heap, resident }] of Object.entries(seen)) {
      const row = (metric, value) =>
        reporter.row({ metric: `memory.${app}.${metric}`, value, unit: 'MiB', size: `${PREDICTIONS} predictions` });
      row('heap.first', heap[0]);
      row('heap.last', heap.at(-1));
      row('heap.trend', slope(heap) * WINDOWS);
      row('resident.first', resident[0]);
      row('resident.most', Math.max(...resident));
    }
  } finally {
    for (const { close } of Object.values(inspectors)) close();
    await stack.stop();
  }
}
