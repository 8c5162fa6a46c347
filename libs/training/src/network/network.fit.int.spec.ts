import {
  add,
  adamW,
  cast,
  chain,
  defineNetwork,
  dense,
  droppedOut,
  batchNormalization,
  exp,
  float32,
  input,
  int64,
  matmul,
  mean,
  mul,
  parameter,
  relu,
  sequential,
  sgd,
  squaredError,
  squeeze,
  uniformNumbers,
  weightAverage,
  type Value,
  type Values,
} from '@haat/onnx';
import type { FitContext, FitProgress } from '../trainer.ts';
import { decodeCheckpoint } from './checkpoint.file.ts';
import type { Checkpoints } from './checkpoints.ts';
import { fitNetwork, type FitRunOptions } from './network.fit.ts';
import type { NetworkFit } from './network.plan.ts';
import { columnRows, type RowSource } from './row.source.ts';

const fromSource = ['--conditions=@haat/source', '--experimental-transform-types', '--no-warnings'];

/** Everything that is saved, in its order; loads the one that is asked for. */
function recorded(from?: Uint8Array): Checkpoints & { readonly saved: Uint8Array[] } {
  const saved: Uint8Array[] = [];
  return { saved, load: async () => from ?? null, save: async (bytes) => void saved.push(bytes) };
}

const contextWith = (over: Partial<FitContext> = {}): FitContext => ({
  seed: 4,
  dataset: { digest: 'd', rows: 0, asOf: '' },
  report: () => undefined,
  signal: new AbortController().signal,
  ...over,
});
const options: FitRunOptions = { threads: 1, nodeArguments: fromSource };

const rows = 70;
const points = uniformNumbers(1, 2 * rows);
const columns = {
  x: Float32Array.from(points),
  y: Float32Array.from({ length: rows }, (_, i) => Math.sin(3 * points[2 * i]!) + points[2 * i + 1]! ** 2),
};
const x = input('x', 'float32', ['n', 2]);
const y = input('y', 'float32', ['n']);
const layers = sequential(
  dense('first', 2, 8, { seed: 1 }),
  batchNormalization('normal', 8),
  relu,
  droppedOut({ rate: 0.2, seed: 3 }),
  dense('second', 8, 1, { seed: 1 }),
);
const network = defineNetwork({
  name: 'waves',
  inputs: [x],
  outputs: (pass) => ({ height: squeeze(layers(x, pass), 1) }),
  objective: ({ height }) => ({ loss: mean(squaredError(height, y)) }),
});
const source = columnRows(rows, columns);
const waves: NetworkFit<{ height: Value }> = {
  network,
  optimizer: chain(adamW(0.02), weightAverage(0.9)),
  training: { source, batch: 16, lastBatch: 'keep' },
  validation: { source, batch: 32 },
  steps: 25,
  averaged: true,
  stopping: { metric: 'loss', better: 'lower', patience: 4 },
};

/** One number that is fitted, or does something else. */
function small(loss: (w: Value, x: Value) => Value, over: Partial<NetworkFit<Values>> = {}): NetworkFit<Values> {
  const w = parameter('w', float32([1, 1], [2, 1]));
  const answer = () => ({ answer: matmul(x, w) });
  const defined = defineNetwork<Values>({
    name: 'small',
    inputs: [x],
    outputs: answer,
    objective: () => ({ loss: loss(w, x) }),
  });
  return {
    network: defined,
    optimizer: sgd(1),
    training: { source, batch: 16, lastBatch: 'drop' },
    validation: { source, batch: 70 },
    steps: 6,
    ...over,
  };
}

describe('a fit', () => {
  it('gives the same bits however many threads fill its batches, and others for another seed', async () => {
    const whole = await fitNetwork(waves, contextWith(), options);
    const several = await fitNetwork(waves, contextWith(), { ...options, workers: 3, ahead: 1 });
    expect(several).toEqual(whole);
    const other = await fitNetwork(waves, contextWith({ seed: 5 }), options);
    expect(other.digest).not.toBe(whole.digest);
    expect(whole).toMatchObject({ step: 25, stoppedEarly: false });
  });

  it('goes on where a machine with other kernels was', async () => {
    const elsewhere = recorded();
    const saving = { ...options, checkpoint: { everySteps: 5 }, kernels: { block: 0 } };
    const whole = await fitNetwork(waves, contextWith({ checkpoints: elsewhere }), saving);
    const said: string[] = [];
    const report = ({ message }: FitProgress) => void said.push(message);
    const rest = await fitNetwork(waves, contextWith({ checkpoints: recorded(elsewhere.saved[1]), report }), {
      ...options,
      kernels: { block: 16 },
    });
    expect(said[0]).toBe('Goes on after step 10');
    expect(rest.validation['loss']).toBeCloseTo(whole.validation['loss']!, 4);
  });

  it('goes on from any step to the bits of an unbroken run', async () => {
    const straight = recorded();
    const whole = await fitNetwork(waves, contextWith({ checkpoints: straight }), {
      ...options,
      checkpoint: { everySteps: 1 },
    });
    expect(straight.saved.map((bytes) => decodeCheckpoint(bytes).step)).toEqual(
      Array.from({ length: 25 }, (_, i) => i + 1),
    );
    for (const at of [0, 3, 4, 13, 24]) {
      const again = recorded(straight.saved[at]);
      const rest = await fitNetwork(waves, contextWith({ checkpoints: again }), {
        ...options,
        checkpoint: { everySteps: 1 },
      });
      expect(rest).toEqual(whole);
      expect(again.saved).toEqual(straight.saved.slice(at + 1));
    }
  });

  it('starts anew from a checkpoint of another fit, and refuses a damaged one', async () => {
    const saved = recorded();
    await fitNetwork({ ...waves, steps: 5 }, contextWith({ checkpoints: saved }), {
      ...options,
      checkpoint: { everySteps: 5 },
    });
    const heard: string[] = [];
    const report = ({ message }: FitProgress) => void heard.push(message);
    const anew = await fitNetwork(waves, contextWith({ checkpoints: recorded(saved.saved[0]), report }), options);
    expect(heard[0]).toBe('Starts anew: the checkpoint is of another fit');
    expect(anew).toEqual(await fitNetwork(waves, contextWith(), options));
    const cut = recorded(saved.saved[0]!.subarray(0, -1));
    await expect(fitNetwork(waves, contextWith({ checkpoints: cut }), options)).rejects.toMatchObject({
      code: 'CHECKPOINT_DAMAGED',
    });
  });

  it('ends at the next step when it is cancelled, and leaves that step behind', async () => {
    const cancel = new AbortController();
    const saved = recorded();
    const report = ({ figures }: FitProgress) => figures?.['step'] === 10 && cancel.abort(new Error('enough'));
    const fitting = fitNetwork(
      { ...waves, evaluateEvery: 10 },
      contextWith({ checkpoints: saved, signal: cancel.signal, report }),
      options,
    );
    await expect(fitting).rejects.toThrow('enough');
    expect(saved.saved.map((bytes) => decodeCheckpoint(bytes).step)).toEqual([10]);
    const rest = await fitNetwork(
      { ...waves, evaluateEvery: 10 },
      contextWith({ checkpoints: recorded(saved.saved[0]) }),
      options,
    );
    expect(rest).toEqual(await fitNetwork({ ...waves, evaluateEvery: 10 }, contextWith(), options));
  });

  it('stops early, and answers the weights of the best evaluation', async () => {
    // |w| grows by 1 a step: the best is where the first evaluation found it.
    const rising = small((w) => mul(-1, mean(w)), { evaluateEvery: 1, steps: 50 });
    const stopping = { metric: 'loss', better: 'higher', patience: 3 } as const;
    const fitted = await fitNetwork({ ...rising, stopping }, contextWith(), options);
    expect(fitted).toMatchObject({ step: 4, bestStep: 1, stoppedEarly: true });
    expect(Array.from(fitted.tensors['w']!.data, Number)).toEqual([1.5, 1.5]);
  });

  it('tells its progress in words and figures', async () => {
    const heard: FitProgress[] = [];
    await fitNetwork(
      { ...waves, evaluateEvery: 5 },
      contextWith({ report: (progress) => heard.push(progress) }),
      options,
    );
    const last = heard.at(-1)!;
    expect(last.fraction).toBe(1);
    expect(last.message).toMatch(
      /^Step 25 of 25: loss \S+; held out at 25: loss \S+; best loss \S+ at \d+; \d+ rows\/s, \d+\.\d % waiting for data; 0 s left$/,
    );
    expect(last.figures).toMatchObject({ step: 25, 'heldOut/loss': expect.any(Number), waiting: expect.any(Number) });
    expect(heard.flatMap(({ figures }) => figures?.['step'] ?? [])).toEqual(
      expect.arrayContaining([5, 10, 15, 20, 25]),
    );
  });

  it('weighs every held-out row alike, also those of a short batch', async () => {
    const mean2 = small((w, value) => mean(add(mul(0, matmul(value, w)), mean(value))), { steps: 1 });
    const { validation } = await fitNetwork({ ...mean2, validation: { source, batch: 32 } }, contextWith(), options);
    expect(validation['loss']).toBeCloseTo(columns.x.reduce((sum, each) => sum + each, 0) / (2 * rows), 6);
  });
});

describe('a fit that is no number any more', () => {
  it('names step and layer', async () => {
    // w goes 1, then beyond what exp can hold.
    const exploding = small((w, value) => mean(exp(mul(40, matmul(value, w)))), { optimizer: sgd(-1e-3) });
    await expect(fitNetwork(exploding, contextWith(), options)).rejects.toMatchObject({
      code: 'NETWORK_DIVERGED',
      message: expect.stringMatching(/^The fit stopped being a number in step \d+, first at "Exp after w"$/),
    });
  });

  it('names the update when all that it came from was finite, and saves nothing of it', async () => {
    const saved = recorded();
    const flung = small((w) => mean(w), { optimizer: chain(sgd(3e38), sgd(3e38)) });
    await expect(
      fitNetwork(flung, contextWith({ checkpoints: saved }), { ...options, checkpoint: { everySteps: 1 } }),
    ).rejects.toMatchObject({ code: 'NETWORK_DIVERGED', details: { step: 0, culprit: 'update of w' } });
    expect(saved.saved).toEqual([]);
  });
});

describe('what cannot be fitted', () => {
  const empty: RowSource = { ...source, rows: 0 };
  const refused: [string, () => NetworkFit<Values>, string][] = [
    [
      'no rows to train on',
      () => small((w) => mean(w), { training: { source: empty, batch: 4, lastBatch: 'keep' } }),
      'EMPTY_BATCH',
    ],
    ['no rows held out', () => small((w) => mean(w), { validation: { source: empty, batch: 4 } }), 'EMPTY_BATCH'],
    [
      'batches of no rows',
      () => small((w) => mean(w), { training: { source, batch: 0, lastBatch: 'keep' } }),
      'EMPTY_BATCH',
    ],
    [
      'a batch larger than the data',
      () => small((w) => mean(w), { training: { source, batch: 71, lastBatch: 'drop' } }),
      'INVALID_FIT',
    ],
    [
      'a metric that is not there',
      () => small((w) => mean(w), { stopping: { metric: 'f1', better: 'higher', patience: 1 } }),
      'INVALID_FIT',
    ],
    ['no steps', () => small((w) => mean(w), { steps: 0 }), 'INVALID_FIT'],
    ['averages that nobody keeps', () => small((w) => mean(w), { averaged: true }), 'INVALID_FIT'],
    [
      'classes of other rows',
      () => small((w) => mean(w), { training: { source, batch: 4, lastBatch: 'drop', balancedBy: [1] } }),
      'INVALID_FIT',
    ],
  ];
  it.each(refused)('%s', async (_, planned, code) => {
    await expect(fitNetwork(planned(), contextWith(), options)).rejects.toMatchObject({ code });
  });

  it('an input without the axis of the batch', async () => {
    const scale = input('scale', 'float32', []);
    const fit = small((w) => mul(scale, mean(w)));
    await expect(fitNetwork(fit, contextWith(), options)).rejects.toMatchObject({
      code: 'INVALID_FIT',
      message: 'Input "scale": expected numbers whose first axis alone is that of the batch, got float32 []',
    });
  });

  it('columns of no rows, or of another length', () => {
    expect(() => columnRows(0, { x: new Float32Array(0) })).toThrow(expect.objectContaining({ code: 'EMPTY_BATCH' }));
    expect(() => columnRows(3, { x: new Float32Array(7) })).toThrow('Column "x": expected as many numbers');
  });

  it('rows whose module, or whose filling, fails', async () => {
    const broken = (name: string, data: unknown): RowSource => ({ ...source, name, data });
    const of = (from: RowSource) =>
      small((w, value) => mean(matmul(value, w)), { training: { source: from, batch: 4, lastBatch: 'drop' } });
    await expect(fitNetwork(of(broken('nothing', {})), contextWith(), options)).rejects.toMatchObject({
      code: 'BATCH_FAILED',
      message: expect.stringContaining('exports no function "nothing"'),
    });
    await expect(fitNetwork(of(broken(source.name, {})), contextWith(), options)).rejects.toMatchObject({
      code: 'BATCH_FAILED',
      message: expect.stringContaining('TypeError'),
    });
  });
});

describe('classes', () => {
  it('come equally often where that is asked', async () => {
    // The loss is the mean of the label: 1 in 70 rows, or every second one.
    const label = input('label', 'int64', ['n']);
    const labels = Array.from({ length: rows }, (_, row) => Number(row === 3));
    const balanced = columnRows(rows, { x: columns.x, label: int64(labels).data as BigInt64Array });
    const w = parameter('w', float32([0], []));
    const defined = defineNetwork<Values>({
      name: 'classes',
      inputs: [x],
      outputs: () => ({ answer: mul(w, x) }),
      objective: () => ({ loss: add(mul(w, mean(x)), mean(cast(label, 'float32'))) }),
    });
    const losses: number[] = [];
    await fitNetwork(
      {
        network: defined,
        optimizer: sgd(0),
        training: { source: balanced, batch: 70, lastBatch: 'drop', balancedBy: labels },
        validation: { source: balanced, batch: 70 },
        steps: 3,
      },
      contextWith({ report: ({ figures }) => void losses.push(figures!['loss']!) }),
      options,
    );
    expect(losses).toEqual([0.5, 0.5, 0.5]);
  });
});
