import {
  add,
  apply,
  argMax,
  cast,
  constant,
  conv,
  crossEntropy,
  exp,
  float32,
  float64,
  gather,
  gradients,
  greater,
  input,
  int64,
  matmul,
  mean,
  mul,
  relu,
  square,
  stopGradient,
  sub,
  sum,
  tanh,
  transposed,
  where,
  type Tensors,
  type Value,
  type Values,
} from '@haat/onnx';
import { gradientError } from './testing/directional.check.ts';
import { numbersOf, runOnce } from './testing/graph.run.ts';
import { splitmix } from './testing/splitmix.ts';

const uniform = splitmix(21);
const random = (...shape: number[]) =>
  float64(
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => 2 * uniform() - 1),
    shape,
  );
const slopesOf = async (loss: Value, wrt: Values, feeds: Tensors = {}) => {
  const inputs = Object.values(wrt).filter(({ origin }) => origin.kind === 'input');
  return runOnce({ inputs, outputs: gradients(loss, wrt) }, feeds);
};

describe('gradients', () => {
  const x = constant(float64([1, -2, 3]));
  const y = constant(float64([0.5, 2, -1]));

  it('of exact cases are exact', async () => {
    const { dx, dy } = await slopesOf(sum(mul(x, square(y))), { dx: x, dy: y });
    expect([numbersOf(dx), numbersOf(dy)]).toEqual([
      [0.25, 4, 1],
      [1, -8, -6],
    ]);
  });

  it('add up over every use of a value', async () => {
    const twice = add(mul(x, x), x, mul(2, x));
    const { dx } = await slopesOf(sum(twice), { dx: x });
    expect(numbersOf(dx)).toEqual([5, -1, 9]);
  });

  it('are zeros for what the loss does not hang on, of any shape', async () => {
    const idle = input('idle', 'float32', ['n', 2]);
    const { dx, d } = await slopesOf(sum(x), { dx: x, d: idle }, { idle: float32([1, 2, 3, 4], [2, 2]) });
    expect([numbersOf(dx), d]).toEqual([[1, 1, 1], float32([0, 0, 0, 0], [2, 2])]);
  });

  it('stop where a value only chooses', async () => {
    const { dx } = await slopesOf(sum(where(greater(x, 0), mul(3, x), y)), { dx: x });
    expect(numbersOf(dx)).toEqual([3, 0, 3]);
    const stopped = await slopesOf(sum(mul(stopGradient(x), x)), { dx: x });
    expect(numbersOf(stopped.dx)).toEqual([1, -2, 3]);
  });

  it('share what equal ones made', async () => {
    const flat = constant(float64([2, 2, 1, 2]));
    const { d } = await slopesOf(apply('ReduceMax', [flat, constant(int64([0]))], { keepdims: false }), { d: flat });
    expect(numbersOf(d).map((each) => each * 3)).toEqual([1, 1, 0, 1]);
    const pair = await slopesOf(sum(apply('Max', [flat, constant(float64([2], []))])), { d: flat });
    expect(numbersOf(pair.d)).toEqual([0.5, 0.5, 0, 0.5]);
  });

  it('of a table are summed where a row is read more than once', async () => {
    const table = constant(float64([1, 2, 3, 4, 5, 6], [3, 2]));
    const rows = gather(table, constant(int64([2, 0, 2, -1], [2, 2])));
    const { d } = await slopesOf(sum(mul(rows, constant(float64([1, 10])))), { d: table });
    expect(numbersOf(d)).toEqual([1, 10, 0, 0, 3, 30]);
  });

  it('go through attention over a batch of many heads', async () => {
    const feeds = { q: random(2, 2, 3, 4), k: random(2, 2, 3, 4), v: random(2, 2, 3, 2) };
    const attention = ({ q, k, v }: Values) =>
      sum(square(matmul(apply('Softmax', [matmul(q!, transposed(k!))], { axis: -1 }), v!)));
    expect(await gradientError(attention, feeds)).toBeLessThan(1e-7);
  });

  it('have gradients', async () => {
    const curvature = ({ a }: Values) => sum(square(gradients(sum(mul(tanh(a!), exp(a!))), { a: a! }).a));
    expect(await gradientError(curvature, { a: random(5) })).toBeLessThan(1e-7);
    const weights = constant(float32([1, -1, 2, 0.5], [1, 1, 2, 2]));
    const plane = ({ a }: Values) => {
      const image = cast(a!, 'float32');
      const slope = gradients(sum(square(relu(conv(image, weights)))), { image }).image;
      return cast(sum(square(slope)), 'float64');
    };
    expect(await gradientError(plane, { a: random(1, 1, 4, 4) }, { step: 2 ** -7 })).toBeLessThan(2e-3);
  });

  it('hold for graphs deeper than the call stack', async () => {
    let deep: Value = x;
    for (let i = 0; i < 20_000; i++) deep = sub(deep, 1);
    expect(gradients(sum(deep), { x }).x.shape).toEqual([3]);
  });

  it('say where there is none, on the line that asked', () => {
    const labels = constant(int64([0, 1, 1]));
    const scores = input('scores', 'float32', [3, 2]);
    const accuracy = mean(cast(apply('Equal', [argMax(scores), labels]), 'float32'));
    expect(() => gradients(accuracy, { scores })).toThrow(
      'Cast: no gradient flows through operand 0: it is bool, made by Equal: a comparison has no slope',
    );
    expect(() => gradients(crossEntropy(scores, labels), { scores })).toThrow(
      'expected a loss float32 [] or float64 [], got float32 [3]',
    );
    const stack = (() => {
      try {
        return gradients(accuracy, { scores });
      } catch (error) {
        return (error as Error).stack!;
      }
    })() as string;
    expect(stack.split('\n').find((line) => line.includes(' at '))).toContain('reverse.mode.int.spec.ts');
  });
});

describe('an operator refuses', () => {
  it('on the line of the caller, however deep in this package it stands', () => {
    const stack = (() => {
      try {
        return crossEntropy(input('a', 'float32', ['n', 3]), input('b', 'float32', ['n', 2]));
      } catch (error) {
        return (error as Error).stack!;
      }
    })() as string;
    expect(stack).toContain('Mul: axis 1 of B: expected 2 or 1 (to go with [n, 2]), got 3');
    expect(stack.split('\n').find((line) => line.includes(' at '))).toContain('reverse.mode.int.spec.ts');
  });
});
