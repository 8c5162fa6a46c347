import {
  adaGrad,
  add,
  batchNormalization,
  defineNetwork,
  dense,
  embeddingBag,
  int64,
  droppedOut,
  float32,
  input,
  mean,
  mul,
  parameter,
  relu,
  sequential,
  sgd,
  squaredError,
  squeeze,
  sum,
  trainingStepOf,
  uniformNumbers,
  type Value,
} from '@haat/onnx';
import { openShapes, shapeSize } from './drawn.shapes.ts';
import { networkLaws } from './network.laws.ts';
import { shapesNetwork } from './shapes.network.ts';

const rows = 9;

describe('a convolutional network', () => {
  const network = shapesNetwork(4);
  const image = new Float32Array(rows * shapeSize ** 2);
  const shape = new BigInt64Array(rows);
  beforeAll(async () => {
    const fill = await openShapes({ seed: 1, noise: 0.2 });
    fill({ epoch: 0, seed: 0, rows: Uint32Array.from({ length: rows }, (_, i) => i) }, { image, shape });
  });
  const { initial } = trainingStepOf(network, sgd(0));
  const batch = {
    image: { dtype: 'float32', shape: [rows, 1, shapeSize, shapeSize], data: image },
    shape: { dtype: 'int64', shape: [rows], data: shape },
  } as const;
  it.each(networkLaws({ network, tensors: initial, batch }))('$name', ({ check }) => check());
});

describe('a network with a table that is trained by rows', () => {
  const ids = input('ids', 'int64', ['n', 4]);
  const y = input('y', 'float32', ['n']);
  const seed = 3;
  const layers = sequential(
    embeddingBag('words', 50, 12, { seed, padding: 0, sparse: true }),
    dense('head', 12, 1, { seed }),
  );
  const network = defineNetwork({
    name: 'bags',
    inputs: [ids],
    outputs: (pass) => ({ answer: squeeze(layers(ids, pass), 1) }),
    objective: ({ answer }) => ({ loss: mean(squaredError(answer, y)) }),
  });
  // Bags with padding, with a row that comes twice, and (the first) of no rows.
  const named = Array.from({ length: 4 * rows }, (_, i) => (i < 4 || i % 3 === 0 ? 0 : (i * i) % 50));
  const batch = { ids: int64(named, [rows, 4]), y: float32(uniformNumbers(4, rows)) };
  const { initial } = trainingStepOf(network, adaGrad(0));
  const fitted = float32(
    uniformNumbers(8, 600).map((number) => 6 * number - 3),
    [50, 12],
  );
  it.each(networkLaws({ network, tensors: { ...initial, 'words/rows': fitted }, batch }))('$name', ({ check }) =>
    check(),
  );

  it('is found out when it serves other rows than those that it trains', async () => {
    const rest = {
      ...initial,
      get 'words/rows'() {
        return float32(uniformNumbers(drawn++, 600), [50, 12]);
      },
    };
    let drawn = 0;
    const law = networkLaws({ network, tensors: rest, batch }).find(({ name }) => name.startsWith('the forward part'));
    await expect(law!.check()).rejects.toThrow(/^answer: differs by/);
  });
});

describe('a network that does another thing in training', () => {
  const x = input('x', 'float32', ['n', 3]);
  const y = input('y', 'float32', ['n']);
  const layers = sequential(
    dense('first', 3, 6, { seed: 1 }),
    batchNormalization('normal', 6),
    relu,
    droppedOut({ rate: 0.5, seed: 2 }),
    dense('second', 6, 1, { seed: 1 }),
  );
  const of = (after: (answer: Value) => Value) =>
    defineNetwork({
      name: 'answers',
      inputs: [x],
      outputs: (pass) => ({ answer: after(squeeze(layers(x, pass), 1)) }),
      objective: ({ answer }) => ({ loss: mean(squaredError(answer, y)) }),
    });
  const batch = { x: float32(uniformNumbers(3, 3 * rows), [rows, 3]), y: float32(uniformNumbers(4, rows)) };
  const lawsOf = (after: (answer: Value) => Value) => {
    const network = of(after);
    const { initial } = trainingStepOf(network, sgd(0));
    const mean = float32([0.1, -0.2, 0.3, 1, -1, 0]);
    return networkLaws({ network, tensors: { ...initial, 'normal/mean': mean }, batch });
  };
  it.each(lawsOf((answer) => answer))('$name', ({ check }) => check());

  it('is found out when a row hangs on its company', async () => {
    const law = lawsOf((answer) => add(answer, mean(answer))).find(({ name }) => name.startsWith('a row alone'));
    await expect(law!.check()).rejects.toThrow(/^answer: differs by/);
  });

  it('is found out when what it serves is not what it trains', async () => {
    let built = 0;
    // Each time it is asked for its outputs it is another network.
    const wavering = defineNetwork({
      name: 'wavering',
      inputs: [x],
      outputs: () => ({ answer: mul(++built, sum(mul(x, parameter('w', float32([1, 2, 3]))), [1])) }),
      objective: ({ answer }) => ({ loss: mean(squaredError(squeeze(answer), y)) }),
    });
    const laws = networkLaws({ network: wavering, tensors: { w: float32([1, 2, 3]) }, batch });
    const broken = await Promise.all(
      laws.map(({ check }) =>
        check().then(
          () => false,
          () => true,
        ),
      ),
    );
    expect(laws.filter((_, i) => broken[i]).map(({ name }) => name)).toContain(
      'the forward part of the training step is the served graph',
    );
  });
});
