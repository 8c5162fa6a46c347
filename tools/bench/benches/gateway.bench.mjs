import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { portsFrom } from '@haat/dev-stack';
import { domains } from '@haat/kit';
import { InternalTokenSigner } from '@haat/platform';
import { startStack } from '../running.stack.mjs';

const WARM_UP = 200;
const ROUNDS = 3;

const page = (first, row) => `{ products(first: ${first}) { edges { node { ${row} } } } }`;
const packaging =
  'damageProbabilities { packageType probability } recommended { packageType expectedDamageCost shippingCost basis } predictionId';

/** Each query, how often it is asked in one round, and whether the raw subgraph can answer it alone. */
const questions = {
  point: { query: page(1, 'id category weightG'), times: 400, raw: true },
  'two hops': {
    query: page(20, `id packaging { ${packaging} model { id version aliases metrics { name value } } }`),
    times: 150,
    raw: false,
  },
  '100 products': { query: page(100, `id category weightG packaging { ${packaging} }`), times: 100, raw: true },
};

const peers = { 'bare Hive runtime': 'hive', 'Apollo Gateway': 'apollo' };
/** What any gateway of Node pays at the least for an answer of one subgraph. */
const limits = { 'bytes handed on': 'bytes', 'JSON read and written': 'json' };
const program = fileURLToPath(new URL('../peers/gateway.peer.mjs', import.meta.url));

/** A gateway of another make in a process of its own; `cpu()` is what it has used so far, ms. */
async function startPeer(kind, subgraphs, secret) {
  const child = fork(program, [kind, JSON.stringify(subgraphs), secret], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, NODE_ENV: 'production' },
  });
  const [{ url }] = await once(child, 'message');
  const cpu = async () => {
    child.send('cpu');
    const [{ milliseconds }] = await once(child, 'message');
    return milliseconds;
  };
  const stop = async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  return { url, headers: async () => ({}), cpu, stop };
}

/** An app of the stack; its CPU time stands in its metrics, ms. */
const appOf = (origin, headers) => ({
  url: `${origin}/graphql`,
  headers,
  async cpu() {
    const metrics = await (await fetch(`${origin}/metrics`)).text();
    return Number(/^process_cpu_seconds_total\{[^}]*\} (\S+)/m.exec(metrics)[1]) * 1_000;
  },
  stop: async () => undefined,
});

async function ask({ url, headers }, query) {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { ...(await headers()), 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const text = await answer.text();
  if (!answer.ok || text.includes('"errors"'))
    throw new Error(`${url} answered ${answer.status} ${text.slice(0, 300)}`);
  return text.length;
}

const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];

/** CPU a request and quantiles of the time to the whole answer, ms, one request at a time. */
async function measured(gateway, query, times) {
  const { cpu } = gateway;
  const before = await cpu();
  const seconds = [];
  for (let k = 0; k < times; k++) {
    const start = performance.now();
    await ask(gateway, query);
    seconds.push(performance.now() - start);
  }
  seconds.sort((a, b) => a - b);
  return { cpu: ((await cpu()) - before) / times, p50: at(seconds, 0.5), p99: at(seconds, 0.99) };
}

/** Rounds take turns between the gateways, so that what else the machine does falls on all alike; the least of each counts. */
export async function run(reporter) {
  const stack = await startStack(['--demo', '--products', '2000']);
  const origin = new URL(stack.graphql).origin;
  const ports = portsFrom(Number(new URL(origin).port));
  const subgraphs = Object.fromEntries(
    ['platform', ...domains].map((name) => [name, `http://127.0.0.1:${ports[name]}`]),
  );
  const signer = new InternalTokenSigner(stack.internalSecret);
  const actor = { subject: 'user:bench', role: 'admin', scopes: ['*'], origin: 'bench' };
  const subgraphHeaders = async () => ({ authorization: `Bearer ${await signer.sign(actor, 'packaging')}` });
  const gateways = new Map([[null, appOf(origin, stack.headers)]]);
  try {
    for (const [peer, kind] of Object.entries({ ...peers, ...limits }))
      gateways.set(peer, await startPeer(kind, subgraphs, stack.internalSecret));
    gateways.set('the subgraph itself', appOf(subgraphs.packaging, subgraphHeaders));
    for (const [name, { query, times, raw }] of Object.entries(questions)) {
      const asked = [...gateways].filter(([peer]) => raw || !(peer === 'the subgraph itself' || peer in limits));
      for (const [, gateway] of asked) for (let k = 0; k < WARM_UP; k++) await ask(gateway, query);
      const least = new Map();
      for (let round = 0; round < ROUNDS; round++) {
        for (const [peer, gateway] of asked) {
          const now = await measured(gateway, query, times);
          const best = least.get(peer) ?? now;
          least.set(peer, Object.fromEntries(Object.keys(now).map((key) => [key, Math.min(now[key], best[key])])));
        }
      }
      const size = `${name}, ${Math.round((await ask(gateways.get(null), query)) / 1_024)} KB`;
      for (const [peer, { cpu, p50, p99 }] of least) {
        for (const [metric, value] of Object.entries({ cpu, p50, p99 }))
          reporter.row({ metric: `gateway.${metric}`, value, unit: 'ms', size, peer });
      }
      const share = (peer) => least.get(null).cpu / least.get(peer).cpu;
      for (const peer of Object.keys(peers))
        reporter.row({ metric: 'gateway.cpu.share', value: share(peer), unit: '1', size, peer });
    }
  } finally {
    for (const { stop } of gateways.values()) await stop();
    await stack.stop();
  }
}
