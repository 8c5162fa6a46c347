import {
  adaGrad,
  adamW,
  add,
  batchNormalization,
  byParameter,
  chain,
  clipByGlobalNorm,
  clipByValue,
  convolution,
  cosine,
  crossEntropy,
  defineNetwork,
  dense,
  div,
  flatten,
  float32,
  input,
  int64,
  maxPool,
  mean,
  mul,
  neg,
  relu,
  sequential,
  sgd,
  sqrt,
  square,
  sub,
  trainingStepOf,
  uniformNumbers,
  weightAverage,
  type Optimizer,
  type Tensors,
  type TrainingStepOptions,
} from '@haat/onnx';
import { probeKernels } from './kernels.probe.ts';
import { TrainingSession } from './training.session.ts';

const seed = 3;
const rate = cosine({ peak: 0.05, steps: 6, warmup: 2 });

/** Every operator that a loop can compute. */
const arithmetic: Optimizer = {
  init: () => ({}),
  update: (gradients) => ({
    updates: Object.fromEntries(
      Object.entries(gradients).map(([name, g]) => [name, neg(sub(mul(0.1, g), div(g, add(3, sqrt(square(g))))))]),
    ),
    state: {},
  }),
};

const optimizers: Readonly<Record<string, Optimizer>> = {
  sgd: sgd(rate),
  momentum: sgd(0.1, { momentum: 0.9 }),
  nesterov: sgd(rate, { momentum: 0.9, nesterov: true }),
  adamW: adamW(rate, { decays: (name) => name.endsWith('weight') }),
  adaGrad: adaGrad(0.1, { initial: 0.1 }),
  'a chain': chain(clipByGlobalNorm(0.1), adamW(rate), weightAverage(0.9)),
  'a chain with what a kernel does not compute': chain(clipByValue(1e-3), sgd(0.1, { momentum: 0.5 })),
  arithmetic,
  'one for each parameter': byParameter({ third: adaGrad(0.1) }, adamW(rate)),
};

/** Sizes that fill no vector, a running statistic, and a parameter that is used twice. */
function perceptron() {
  const x = input('x', 'float32', ['n', 5]);
  const y = input('y', 'int64', ['n']);
  const second = dense('second', 7, 7, { seed });
  const layers = sequential(
    dense('first', 5, 7, { seed }),
    batchNormalization('normal', 7),
    relu,
    second,
    relu,
    second,
    dense('third', 7, 3, { seed }),
  );
  return defineNetwork({
    name: 'test/perceptron',
    inputs: [x],
    outputs: (pass) => ({ logits: layers(x, pass) }),
    objective: ({ logits }) => ({ loss: mean(crossEntropy(logits, y)) }),
  });
}

/** Every kind of convolution that is lowered, ReLU before a pool, and a flat background that ties. */
function convolutional() {
  const x = input('x', 'float32', ['n', 3, 10, 12]);
  const y = input('y', 'int64', ['n']);
  const layers = sequential(
    convolution('first', 3, 16, 3, { seed }),
    relu,
    (value) => maxPool(value, 2),
    convolution('depth', 16, 16, 3, { seed, stride: 2, groups: 16, padding: 1 }),
    relu,
    convolution('point', 16, 32, 1, { seed }),
    relu,
    convolution('last', 32, 16, 3, { seed }),
    (value) => flatten(value),
    dense('head', 16 * 9, 3, { seed }),
  );
  return defineNetwork({
    name: 'test/convolutional',
    inputs: [x],
    outputs: (pass) => ({ logits: layers(x, pass) }),
    objective: ({ logits }) => ({ loss: mean(crossEntropy(logits, y)) }),
  });
}

type Network = ReturnType<typeof perceptron>;

async function trained(network: Network, optimizer: Optimizer, shape: readonly number[], options: TrainingStepOptions) {
  const step = trainingStepOf(network, optimizer, options);
  const session = await TrainingSession.open(step);
  try {
    const size = shape.reduce((product, each) => product * each, 1);
    let state = step.initial;
    const losses: number[] = [];
    for (let at = 0; at < 5; at++) {
      const batch = {
        x: float32(uniformNumbers(at, size), shape),
        y: int64(Array.from({ length: shape[0]! }, (_, i) => i % 3)),
      };
      const { results, tensors } = await session.run(state, batch, at);
      losses.push(Number(results['loss']!.data[0]));
      state = tensors();
    }
    return { state: copied(state), losses, step };
  } finally {
    await session.release();
  }
}

const copied = (tensors: Tensors): Tensors =>
  Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [name, { ...tensor, data: tensor.data.slice() }]),
  ) as Tensors;

describe('a kernel beside the graph', () => {
  it.each(Object.keys(optimizers))('gives the bits that the graph gives: %s', async (name) => {
    const optimizer = optimizers[name]!;
    const inGraph = await trained(perceptron(), optimizer, [6, 5], {});
    const beside = await trained(perceptron(), optimizer, [6, 5], { update: 'kernel' });
    expect(beside.state).toEqual(inGraph.state);
    expect(beside.losses).toEqual(inGraph.losses);
    expect(inGraph.step.kernel).toBeNull();
  });

  it('writes all that goes round, by one function for parameters of one kind', async () => {
    const { kernel, initial } = trainingStepOf(perceptron(), adamW(1e-3), { update: 'kernel' });
    expect(kernel!.calls.flatMap(({ writes }) => writes).sort()).toEqual(Object.keys(initial).sort());
    const update = kernel!.calls.filter(({ writes }) => writes.some((name) => name.startsWith('optimizer/')));
    expect(new Set(update.map(({ entry }) => entry)).size).toBe(1);
  });

  it('leaves the parameters that a step began from as they were, until the next one', async () => {
    const step = trainingStepOf(perceptron(), adamW(1e-2), { update: 'kernel' });
    const session = await TrainingSession.open(step);
    const batch = { x: float32(uniformNumbers(1, 30), [6, 5]), y: int64([0, 1, 2, 0, 1, 2]) };
    const first = (await session.run(step.initial, batch, 0)).tensors();
    const before = copied(first);
    const second = copied((await session.run(first, batch, 1)).tensors());
    for (const name of step.parameters) expect(first[name]).toEqual(before[name]);
    expect(second['first/weight']).not.toEqual(first['first/weight']);
    // From anywhere: what was copied away goes in again.
    expect((await session.run(before, batch, 1)).tensors()).toEqual(second);
    await session.release();
  });
});

describe('forms for a machine', () => {
  it('train as the portable ones do', async () => {
    const shape = [4, 3, 10, 12];
    const portable = await trained(convolutional(), adamW(1e-3), shape, {});
    for (const target of [{ block: 0 }, await probeKernels()]) {
      const fast = await trained(convolutional(), adamW(1e-3), shape, { target, sizes: { n: 4 }, update: 'kernel' });
      fast.losses.forEach((loss, i) => expect(loss).toBeCloseTo(portable.losses[i]!, 5));
      for (const [name, { data }] of Object.entries(fast.state).filter(([each]) => !each.startsWith('optimizer/'))) {
        const wanted = portable.state[name]!.data;
        const worst = Math.max(...Array.from(data as Float32Array, (each, i) => Math.abs(each - Number(wanted[i]))));
        expect({ name, near: worst < 1e-4 }).toEqual({ name, near: true });
      }
    }
  });

  it('are the same file every time, and no file for another machine', async () => {
    const file = (block: number) => trainingStepOf(convolutional(), adamW(1e-3), { target: { block } }).model;
    expect(file(16)).toEqual(file(16));
    expect(file(16)).not.toEqual(file(8));
  });
});
