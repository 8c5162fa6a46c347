import { startStack } from '../running.stack.mjs';

const ROWS = 100;
const WARM_UP = 20_000;
const PREDICTIONS = 100_000;
const SAMPLES = 20;
const query = `{ products(first: ${ROWS}) { edges { node { id packaging { damageProbabilities { probability } predictionId } } } } }`;

/** Slope of a straight line through equally spaced values (least squares), a step. */
function slope(values) {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const covariance = values.reduce((sum, value, k) => sum + (k - middle) * (value - mean), 0);
  return covariance / values.reduce((sum, _, k) => sum + (k - middle) ** 2, 0);
}

async function residentMegabytes(origin) {
  const metrics = await (await fetch(`${origin}/metrics`)).text();
  return Number(/^process_resident_memory_bytes\{[^}]*\} (\S+)/m.exec(metrics)[1]) / 2 ** 20;
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

/** Resident memory of the gateway and of packaging while 100,000 predictions are answered and recorded. */
export async function run(reporter) {
  const stack = await startStack(['--demo', '--products', '2000']);
  const { origin, port } = new URL(stack.graphql);
  const apps = { gateway: origin, packaging: `http://127.0.0.1:${Number(port) + 2}` };
  try {
    await predict(stack, WARM_UP);
    const seen = Object.fromEntries(Object.keys(apps).map((app) => [app, []]));
    for (let sample = 0; sample < SAMPLES; sample++) {
      await predict(stack, PREDICTIONS / SAMPLES);
      for (const [app, address] of Object.entries(apps)) seen[app].push(await residentMegabytes(address));
    }
    for (const [app, values] of Object.entries(seen)) {
      const row = (metric, value, unit) =>
        reporter.row({ metric: `memory.${app}.${metric}`, value, unit, size: `${PREDICTIONS} predictions` });
      row('first', values[0], 'MiB');
      row('last', values.at(-1), 'MiB');
      row('most', Math.max(...values), 'MiB');
      row('trend', slope(values.slice(SAMPLES / 2)) * (SAMPLES / 2), 'MiB over the second half');
    }
  } finally {
    await stack.stop();
  }
}
