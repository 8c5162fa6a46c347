import { startStack } from '../running.stack.mjs';

const ROWS = 100;
const WARM_UP = 20_000;
const PREDICTIONS = 100_000;
const WINDOWS = 20;
const LOOKS = 10;
const query = `{ products(first: ${ROWS}) { edges { node { id packaging { damageProbabilities { probability } predictionId } } } } }`;

/** Slope of a straight line through equally spaced values (least squares), a step. */
function slope(values) {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const covariance = values.reduce((sum, value, k) => sum + (k - middle) * (value - mean), 0);
  return covariance / values.reduce((sum, _, k) => sum + (k - middle) ** 2, 0);
}

/** What an app holds at this moment, MiB: its heap (rubbish that was not collected yet included) and all of the process. */
async function memoryOf(origin) {
  const metrics = await (await fetch(`${origin}/metrics`)).text();
  const megabytes = (name) => Number(new RegExp(`^${name}\\{[^}]*\\} (\\S+)`, 'm').exec(metrics)[1]) / 2 ** 20;
  return {
    heap: megabytes('nodejs_heap_size_used_bytes') + megabytes('nodejs_external_memory_bytes'),
    resident: megabytes('process_resident_memory_bytes'),
  };
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
 * Memory of the gateway and of packaging while 100,000 predictions are answered and recorded. In each of twenty windows the least
 * heap of ten looks counts: about what is left after a collection. A leak is a trend of these; the resident memory also grows
 * while V8 sees no need to collect.
 */
export async function run(reporter) {
  const stack = await startStack(['--demo', '--products', '2000']);
  const { origin, port } = new URL(stack.graphql);
  const apps = { gateway: origin, packaging: `http://127.0.0.1:${Number(port) + 2}` };
  const seen = Object.fromEntries(Object.keys(apps).map((app) => [app, { heap: [], resident: [] }]));
  try {
    await predict(stack, WARM_UP);
    for (let window = 0; window < WINDOWS; window++) {
      const looks = Object.fromEntries(Object.keys(apps).map((app) => [app, []]));
      for (let look = 0; look < LOOKS; look++) {
        await predict(stack, PREDICTIONS / WINDOWS / LOOKS);
        for (const [app, address] of Object.entries(apps)) looks[app].push(await memoryOf(address));
      }
      for (const [app, { heap, resident }] of Object.entries(seen)) {
        heap.push(Math.min(...looks[app].map((one) => one.heap)));
        resident.push(looks[app].at(-1).resident);
      }
    }
    for (const [app, { heap, resident }] of Object.entries(seen)) {
      const row = (metric, value) =>
        reporter.row({ metric: `memory.${app}.${metric}`, value, unit: 'MiB', size: `${PREDICTIONS} predictions` });
      row('heap.first', heap[0]);
      row('heap.last', heap.at(-1));
      row('heap.trend', slope(heap) * (WINDOWS - 1));
      row('resident.most', Math.max(...resident));
    }
  } finally {
    await stack.stop();
  }
}
