import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { probeKernels, TrainingSession } from '@haat/model-runtime';
import * as nn from '@haat/onnx';
import { RowTables } from '@haat/training/network';
import { stepsWhenAsked } from './stepped.mjs';

/** Ours: steps of the network of `embedding.bench.mjs` over the batches of its folder. */
const [folder] = process.argv.slice(2);
const meta = JSON.parse(readFileSync(join(folder, 'meta.json'), 'utf8'));
const { rows, width, classes, batch, places, batches, threads, rate, seed } = meta;
const bytesOf = (name) => readFileSync(join(folder, name)).buffer;
const [ids, labels] = ['ids.i64', 'labels.i64'].map((name) => new BigInt64Array(bytesOf(name)));

const words = nn.input('words', 'int64', ['n', places]);
const label = nn.input('label', 'int64', ['n']);
const layers = nn.sequential(
  nn.embeddingBag('words', rows, width, { seed, sparse: true }),
  nn.dense('head', width, classes, { seed }),
);
const network = nn.defineNetwork({
  name: 'bench/embedding',
  inputs: [words],
  outputs: (pass) => ({ logits: layers(words, pass) }),
  objective: ({ logits }) => ({ loss: nn.mean(nn.crossEntropy(logits, label)) }),
});
const step = nn.trainingStepOf(network, nn.adaGrad(rate), {
  target: await probeKernels(),
  sizes: { n: batch },
  update: 'kernel',
});
const session = await TrainingSession.open(step, { threads });
const tables = new RowTables(step.tables);
const feeds = Array.from({ length: batches }, (_, i) => ({
  words: {
    dtype: 'int64',
    shape: [batch, places],
    data: ids.subarray(i * batch * places, (i + 1) * batch * places),
  },
  label: { dtype: 'int64', shape: [batch], data: labels.subarray(i * batch, (i + 1) * batch) },
}));
let state = step.initial;
let done = 0;

await stepsWhenAsked(async () => {
  const given = feeds[done % batches];
  const pooled = tables.pooled(step.tables, given);
  const { results, tensors } = await session.run(state, { ...given, ...pooled }, done++);
  tables.update(results);
  state = tensors();
  return results.loss.data[0];
});
await session.release();
