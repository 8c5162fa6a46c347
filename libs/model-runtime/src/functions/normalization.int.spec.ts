import {
  batchNorm,
  constant,
  dropout,
  float32,
  float64,
  gelu,
  groupNorm,
  input,
  int64,
  layerNorm,
  leakyRelu,
  mean,
  silu,
  softplus,
  square,
  state,
  sum,
  uniformLike,
  uniformNumbers,
  globalAveragePool,
  globalMaxPool,
  mul,
  type Value,
} from '@haat/onnx';
import { gradientError } from '../testing/directional.check.ts';
import { numbersOf, runOnce } from '../testing/graph.run.ts';
import { splitmix } from '../testing/splitmix.ts';

const uniform = splitmix(11);
const random = (...shape: number[]) =>
  float64(
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => 4 * uniform() - 2),
    shape,
  );
type Inputs = Readonly<Record<string, Value>>;
/** Weighs the elements apart, so that no slope cancels. */
const uneven = (y: Value, seed = 3) =>
  sum(mul(y, constant(float64(uniformNumbers(seed, count(y)), y.shape.map(Number)))));
const count = ({ shape }: Value) => shape.map(Number).reduce((a, b) => a * b, 1);
const momentsOf = (numbers: readonly number[]) => {
  const centre = numbers.reduce((a, b) => a + b) / numbers.length;
  return [centre, numbers.reduce((a, b) => a + (b - centre) ** 2, 0) / numbers.length] as const;
};

describe('layer and group normalisation', () => {
  it('give each row, or each group of channels, mean 0 and variance 1', async () => {
    const x = constant(random(3, 4, 5));
    const outputs = { layer: layerNorm(x, { epsilon: 0 }), group: groupNorm(x, 2, { epsilon: 0 }) };
    const { layer, group } = await runOnce({ inputs: [], outputs });
    for (const [numbers, width] of [
      [numbersOf(layer), 5],
      [numbersOf(group), 10],
    ] as const) {
      for (let i = 0; i < numbers.length; i += width) {
        const [centre, variance] = momentsOf(numbers.slice(i, i + width));
        expect(centre).toBeCloseTo(0, 12);
        expect(variance).toBeCloseTo(1, 12);
      }
    }
  });

  it('have the slope of central differences', async () => {
    const affine = { scale: random(4), bias: random(4) };
    const layer = ({ x, scale, bias }: Inputs) => uneven(layerNorm(x!, { scale: scale!, bias: bias! }));
    expect(await gradientError(layer, { x: random(2, 3, 4), ...affine })).toBeLessThan(1e-7);
    const group = ({ x, scale, bias }: Inputs) => uneven(groupNorm(x!, 2, { scale: scale!, bias: bias! }));
    expect(await gradientError(group, { x: random(2, 4, 3), ...affine })).toBeLessThan(1e-7);
  });
});

describe('batch normalisation', () => {
  const running = { mean: state('mean', float64([1, -1])), variance: state('variance', float64([4, 9])) };

  it('uses the batch in training and the running statistics in serving', async () => {
    const x = random(3, 2, 2);
    const outputs = {
      training: batchNorm(constant(x), running, 'training', { epsilon: 0 }),
      serving: batchNorm(constant(x), running, 'serving', { epsilon: 0 }),
    };
    const results = await runOnce({ inputs: [], outputs });
    const channel = (numbers: readonly number[], c: number) => numbers.filter((_, i) => Math.floor(i / 2) % 2 === c);
    for (const c of [0, 1]) {
      const [centre, variance] = momentsOf(channel(numbersOf(results.training), c));
      expect([centre, variance].map((each) => Math.abs(Number(each.toFixed(10))))).toEqual([0, 1]);
      const expected = channel(numbersOf(x), c).map((each) => (each - [1, -1][c]!) / [2, 3][c]!);
      channel(numbersOf(results.serving), c).forEach((each, i) => expect(each).toBeCloseTo(expected[i]!, 12));
    }
  });

  it.each(['training', 'serving'] as const)('has the slope of central differences in %s', async (pass) => {
    const loss = ({ x, scale, bias }: Inputs) => uneven(batchNorm(x!, running, pass, { scale: scale!, bias: bias! }));
    expect(await gradientError(loss, { x: random(3, 2, 2), scale: random(2), bias: random(2) })).toBeLessThan(1e-7);
  });
});

describe('dropout', () => {
  const ones = (n: number) => float32(new Float32Array(n).fill(1));
  const step = input('step', 'int64', []);
  const run = async (y: Value, at: number) =>
    numbersOf((await runOnce({ inputs: [step], outputs: { y } }, { step: int64([at], []) })).y);

  it('draws by seed, step and place alone', async () => {
    const x = constant(ones(1000));
    const y = dropout(x, { rate: 0.25, seed: 7, step });
    expect(await run(y, 3)).toEqual(await run(y, 3));
    expect(await run(y, 3)).not.toEqual(await run(y, 4));
    expect(await run(y, 3)).not.toEqual(await run(dropout(x, { rate: 0.25, seed: 8, step }), 3));
  });

  it('keeps the wanted share, and the mean', async () => {
    const got = await run(dropout(constant(ones(40_000)), { rate: 0.25, seed: 7, step }), 12);
    const dropped = got.filter((each) => each === 0).length;
    // Four standard deviations of a binomial count.
    expect(Math.abs(dropped - 10_000)).toBeLessThan(4 * Math.sqrt(40_000 * 0.25 * 0.75));
    expect(new Set(got)).toEqual(new Set([0, Math.fround(1 / 0.75)]));
  });

  it('draws evenly and without a pattern between neighbours and steps', async () => {
    const x = constant(ones(20_000));
    const [now, then] = [await run(uniformLike(x, 1, step), 0), await run(uniformLike(x, 1, step), 1)];
    const correlation = (a: readonly number[], b: readonly number[]) =>
      12 * (a.reduce((total, each, i) => total + (each - 0.5) * (b[i]! - 0.5), 0) / a.length);
    for (const [a, b] of [
      [now, then],
      [now, [...now.slice(1), now[0]!]],
    ]) {
      expect(Math.abs(correlation(a!, b!))).toBeLessThan(4 / Math.sqrt(20_000));
    }
    const deciles = Array.from({ length: 10 }, (_, k) => now.filter((each) => Math.floor(each * 10) === k).length);
    for (const each of deciles) expect(Math.abs(each - 2000)).toBeLessThan(4 * Math.sqrt(1800));
  });

  it('lets the gradient through where it let the number through', async () => {
    const loss = ({ x }: Inputs) => sum(square(dropout(x!, { rate: 0.5, seed: 3, step: constant(int64([2], [])) })));
    expect(await gradientError(loss, { x: random(4, 5) })).toBeLessThan(1e-7);
  });
});

describe('activations', () => {
  it('are what their formulas say', async () => {
    const numbers = [-30, -1.5, -0.1, 0.2, 2, 40];
    const x = constant(float64(numbers));
    const narrow = constant(float32(numbers));
    const outputs = {
      softplus: softplus(x),
      silu: silu(x),
      leaky: leakyRelu(x, 0.2),
      narrow: leakyRelu(narrow, 0.2),
      gelu: gelu(narrow),
    };
    const results = await runOnce({ inputs: [], outputs });
    numbers.forEach((each, i) => {
      expect(numbersOf(results.softplus)[i]).toBeCloseTo(Math.log1p(Math.exp(-Math.abs(each))) + Math.max(each, 0), 12);
      expect(numbersOf(results.silu)[i]).toBeCloseTo(each / (1 + Math.exp(-each)), 10);
      expect(numbersOf(results.leaky)[i]).toBeCloseTo(each > 0 ? each : 0.2 * each, 12);
      expect(numbersOf(results.narrow)[i]).toBeCloseTo(each > 0 ? each : 0.2 * each, 5);
    });
    expect(numbersOf(results.gelu)[1]).toBeCloseTo(-1.5 * 0.0668072, 6);
  });

  it('pool over the whole plane', async () => {
    const x = constant(float64([1, 2, 3, 4, -1, -2, -3, -6], [1, 2, 2, 2]));
    const outputs = { average: globalAveragePool(x), largest: globalMaxPool(x), all: mean(x) };
    const { average, largest, all } = await runOnce({ inputs: [], outputs });
    expect([numbersOf(average), numbersOf(largest), numbersOf(all)]).toEqual([[2.5, -3], [4, -1], [-0.25]]);
  });
});
