import { openModel } from '@haat/model-runtime';
import { damageColumns } from '@haat/packaging/features';
import {
  damageLogits,
  damageModel,
  damageOptionsSchema,
  encodeProducts,
  sigmoid,
  traitsAt,
} from '@haat/packaging/model';
import { DamageService, heldModel } from '@haat/packaging/serving';
import { damageTrainer } from '@haat/packaging/training';
import { simulatePackaging } from '@haat/simulators';
import { damageDataOf } from '../packaging.data.mjs';
import { startStack } from '../running.stack.mjs';

const SEED = 1;
const SECONDS = 3;
/** Until V8 has compiled what is called again and again. */
const WARM_UP_SECONDS = 3;
/** An app that has just started answers more slowly for longer, and the worker of a new stack has work of its own. */
const STACK_WARM_UP_SECONDS = 15;
const asOf = new Date('2025-04-01T00:00:00Z');
const at = { asOf, revision: 0 };

/** How often `work` is done in so many seconds, `lanes` times at once, and the seconds that it took. */
async function doneFor(seconds, work, lanes) {
  const start = performance.now();
  const end = start + seconds * 1000;
  let calls = 0;
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      for (; performance.now() < end; calls++) await work();
    }),
  );
  return { calls, seconds: (performance.now() - start) / 1000 };
}

/** Answers a second: `work` answers `rows` products a call; `lanes` calls are under way at once. */
async function perSecond(rows, work, lanes = 1, warmUp = WARM_UP_SECONDS) {
  await doneFor(warmUp, work, lanes);
  const { calls, seconds } = await doneFor(SECONDS, work, lanes);
  return (calls * rows) / seconds;
}

async function inProcess(reporter) {
  const data = damageDataOf(simulatePackaging({ seed: SEED }));
  const bytes = await damageTrainer.fit(data, damageOptionsSchema.parse({}), {
    seed: SEED,
    dataset: { digest: 'bench', rows: data.counts.rows, asOf: asOf.toISOString() },
    report: () => undefined,
    signal: new AbortController().signal,
  });
  const open = await openModel(bytes, { encode: encodeProducts });
  const { parameters } = open.metadata.context;
  const row = (metric, value, size, peer) =>
    reporter.row({
      metric,
      value,
      unit: 'products/s',
      size: `${size} x ${data.catalogue.types.length}`,
      seed: SEED,
      peer,
    });
  try {
    const traits = (rows) => Array.from({ length: rows }, (_, at) => traitsAt(data.facts, at));
    for (const rows of [1, 100, 8192]) {
      const batch = encodeProducts(traits(rows));
      row('predict.raw', await perSecond(rows, () => open.run(batch)), rows);
      row(
        'predict.raw',
        await perSecond(rows, async () => sigmoid(damageLogits(parameters, batch))),
        rows,
        'the fitted function, no graph',
      );
    }
    const service = new DamageService(
      heldModel({ ref: { model: damageModel.name, version: 1, digest: open.digest }, open }),
    );
    for (const rows of [1, 100]) {
      const inputs = traits(rows);
      row('predict.service', await perSecond(rows, () => service.byTraits(inputs, at)), rows);
    }
    const facts = await perSecond(data.facts.rows, async () => damageColumns(data.facts));
    row('predict.features', facts, data.facts.rows);
  } finally {
    await open.close();
  }
}

const query = `query Bench($first: Int!) {
  products(first: $first) { edges { node { id packaging {
    damageProbabilities { packageType probability }
    recommended { packageType expectedDamageCost shippingCost basis }
    predictionId
  } } } }
}`;

/** Each answer is recorded in the database, as in production. */
async function throughGateway(reporter) {
  const stack = await startStack(['--demo']);
  const headers = await stack.headers();
  try {
    for (const [rows, lanes] of [
      [1, 1],
      [1, 16],
      [100, 1],
      [100, 4],
    ]) {
      const ask = async () => {
        const answer = await fetch(stack.graphql, {
          method: 'POST',
          headers,
          body: JSON.stringify({ query, variables: { first: rows } }),
        });
        const { data, errors } = await answer.json();
        if (errors || data.products.edges.some(({ node }) => node.packaging === null)) {
          throw new Error(`the gateway answered ${JSON.stringify(errors ?? data).slice(0, 500)}`);
        }
      };
      const value = await perSecond(rows, ask, lanes, STACK_WARM_UP_SECONDS);
      reporter.row({
        metric: 'predict.gateway',
        value,
        unit: 'products/s',
        size: `${rows} a query, ${lanes} at once`,
        seed: SEED,
      });
    }
  } finally {
    await stack.stop();
  }
}

export async function run(reporter) {
  await inProcess(reporter);
  await throughGateway(reporter);
}
