import {
  adaGrad,
  adamW,
  byParameter,
  chain,
  clipByGlobalNorm,
  crossEntropy,
  defineNetwork,
  dense,
  embeddingBag,
  input,
  mean,
  mul,
  sequential,
  serve,
  uniformNumbers,
  weightAverage,
  type Optimizer,
  type Value,
} from '@haat/onnx';
import { TensorSession } from '@haat/model-runtime';
import type { FitContext } from '../../trainer.ts';
import { decodeCheckpoint } from '../checkpoint.file.ts';
import type { Checkpoints } from '../checkpoints.ts';
import { fitNetwork, type FitRunOptions } from '../network.fit.ts';
import type { NetworkFit } from '../network.plan.ts';
import { columnRows } from '../row.source.ts';

const options: FitRunOptions = {
  threads: 1,
  nodeArguments: ['--conditions=@haat/source', '--experimental-transform-types', '--no-warnings'],
  checkpoint: { everySteps: 1 },
};

/** Everything that is saved, in its order; loads the one that is asked for. */
function recorded(from?: Uint8Array): Checkpoints & { readonly saved: Uint8Array[] } {
  const saved: Uint8Array[] = [];
  return { saved, load: async () => from ?? null, save: async (bytes) => void saved.push(bytes) };
}

const contextWith = (checkpoints: Checkpoints): FitContext => ({
  seed: 4,
  dataset: { digest: 'd', rows: 0, asOf: '' },
  report: () => undefined,
  signal: new AbortController().signal,
  checkpoints,
});

const [rows, vocabulary, places, classes] = [300, 60, 4, 3];
const draws = uniformNumbers(9, rows * places);
/** Words of a class are those whose number leaves its number; one place in four is padding, -1. */
const label = BigInt64Array.from({ length: rows }, (_, i) => BigInt(i % classes));
const words = BigInt64Array.from(draws, (draw, i) => {
  const own = Math.floor(i / places) % classes;
  return i % 4 === 3 ? -1n : BigInt(classes * Math.floor((draw * vocabulary) / classes) + own);
});

const ids = input('words', 'int64', ['n', places]);
const truth = input('label', 'int64', ['n']);

function fitOf(scale: number, optimizer: Optimizer): NetworkFit<{ logits: Value }> {
  const seed = 2;
  const layers = sequential(
    embeddingBag('words', vocabulary, 8, { seed, padding: -1, sparse: true }),
    (x) => mul(x, scale),
    dense('head', 8, classes, { seed }),
  );
  const source = columnRows(rows, { words, label });
  return {
    network: defineNetwork({
      name: 'topics',
      inputs: [ids],
      outputs: (pass) => ({ logits: layers(ids, pass) }),
      objective: ({ logits }) => ({ loss: mean(crossEntropy(logits, truth)) }),
    }),
    optimizer,
    training: { source, batch: 32, lastBatch: 'keep' },
    validation: { source, batch: 50 },
    steps: 24,
    evaluateEvery: 6,
    averaged: true,
    stopping: { metric: 'loss', better: 'lower', patience: 3 },
  };
}

const behind = chain(clipByGlobalNorm(1), adamW(0.02), weightAverage(0.5));
const topics = fitOf(1, byParameter({ 'words/': adaGrad(0.3) }, behind));

describe('a fit of a network with a table', () => {
  const straight = recorded();
  const whole = fitNetwork(topics, contextWith(straight), options);

  it('learns, and serves the table as a plain tensor with what was held out', async () => {
    const { tensors, validation } = await whole;
    expect(validation['loss']).toBeLessThan(0.2);
    const session = await TensorSession.open(serve(topics.network, tensors));
    const { logits } = await session.run({ words: { dtype: 'int64', shape: [rows, places], data: words } });
    await session.release();
    const scores = Array.from(logits!.data, Number);
    const losses = Array.from(label, (own, row) => {
      const of = scores.slice(classes * row, classes * row + classes);
      return Math.log(of.reduce((sum, score) => sum + Math.exp(score), 0)) - of[Number(own)]!;
    });
    expect(losses.reduce((sum, loss) => sum + loss, 0) / rows).toBeCloseTo(validation['loss']!, 5);
  });

  it('goes on from any step to the bits of an unbroken run', async () => {
    const wanted = await whole;
    expect(straight.saved).toHaveLength(24);
    for (const at of [0, 5, 13, 23]) {
      const again = recorded(straight.saved[at]);
      expect(await fitNetwork(topics, contextWith(again), options)).toEqual(wanted);
      expect(again.saved).toEqual(straight.saved.slice(at + 1));
    }
  });

  it('keeps the table and its sums of squares under the names of a dense fit', async () => {
    await whole;
    const { tensors, best } = decodeCheckpoint(straight.saved[10]!);
    expect(tensors['words/rows']).toMatchObject({ dtype: 'float32', shape: [vocabulary, 8] });
    expect(tensors['optimizer/squares/words/rows']).toMatchObject({ dtype: 'float32', shape: [vocabulary, 8] });
    expect(best!['words/rows']!.data).toEqual(decodeCheckpoint(straight.saved[5]!).tensors['words/rows']!.data);
  });

  it('says which table stopped being a number, or which layer above it', async () => {
    const nothing = recorded();
    const flung = fitOf(1, byParameter({ 'words/': adaGrad(1e39) }, behind));
    await expect(fitNetwork(flung, contextWith(nothing), options)).rejects.toMatchObject({
      code: 'NETWORK_DIVERGED',
      details: { step: 0, culprit: 'update of words/rows' },
    });
    expect(nothing.saved).toEqual([]);
    const above = fitOf(1e38, byParameter({ 'words/': adaGrad(100) }, behind));
    await expect(fitNetwork(above, contextWith(nothing), options)).rejects.toMatchObject({
      code: 'NETWORK_DIVERGED',
      details: { culprit: expect.stringContaining('head/weight') },
    });
  });
});
