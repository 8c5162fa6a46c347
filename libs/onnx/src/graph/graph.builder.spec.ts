import { isDomainError, type DomainError } from '@haat/kit';
import {
  apply,
  bool,
  buildModel,
  constant,
  decodeModel,
  describeModel,
  float32,
  float64,
  input,
  int64,
  ints,
  operators,
  parameter,
  strings,
  type Value,
} from '../index.ts';

const x = input('x', 'float64', ['n', 3]);
const vector = (length: number) => constant(float64(new Float64Array(length)));
const matrix = (rows: number, columns: number) => constant(float64(new Float64Array(rows * columns), [rows, columns]));

function refusal(attempt: () => unknown): DomainError {
  try {
    attempt();
  } catch (error) {
    if (isDomainError(error)) return error;
    throw error;
  }
  throw new Error('expected a refusal');
}

describe('apply', () => {
  it('knows shape and dtype at once', () => {
    const y = apply('MatMul', [x, matrix(3, 4)]);
    expect([y.dtype, y.shape]).toEqual(['float64', ['n', 4]]);
    expect(apply('Less', [y, vector(4)])).toMatchObject({ dtype: 'bool', shape: ['n', 4] });
  });

  it('raises the error on the line that wrote the operator', () => {
    const { stack } = refusal(() => apply('Add', [x, vector(2)]));
    expect(stack!.split('\n')[1]).toContain('graph.builder.spec.ts');
  });

  it('names operator, operand, axis, what was expected and what came', () => {
    const error = refusal(() => apply('MatMul', [x, matrix(2, 4)]));
    expect(error.message).toBe('MatMul: axis 0 of B: expected 3, got 2');
    expect(error.details).toEqual({ operator: 'MatMul', of: 'B', axis: 0, expected: '3', got: '2' });
    expect(error.code).toBe('INVALID_GRAPH');
  });

  const scalar = constant(float64([1], []));
  const row = input('row', 'float64', ['n']);
  const other = input('other', 'float64', ['m', 3]);
  const flags = input('flags', 'bool', ['n', 1]);
  const words = input('words', 'string', ['n']);
  const codes = input('codes', 'int64', ['n']);
  it.each<[string, () => Value]>([
    ['Add: axis 0 of B: expected 3 or 1 (to go with [n, 3]), got 2', () => apply('Add', [x, vector(2)])],
    ['Add: axis 0 of B: expected n or 1 (to go with [n, 3]), got m', () => apply('Add', [x, other])],
    ['Add: B: expected float64, got int64', () => apply('Add', [x, ints(1, 2, 3)])],
    [
      'Max: axis 1 of data[2]: expected 3 or 1 (to go with [n, 3]), got 2',
      () => apply('Max', [x, scalar, matrix(1, 2)]),
    ],
    ['Sigmoid: x: expected float32 or float64, got int64', () => apply('Sigmoid', [codes])],
    ['Not: x: expected bool, got float64', () => apply('Not', [x])],
    ['Where: condition: expected bool, got float64', () => apply('Where', [x, x, x])],
    [
      'Where: x: expected float32 or float64 or int32 or int64 or string, got bool',
      () => apply('Where', [flags, flags, flags]),
    ],
    ['Where: y: expected float64, got int64', () => apply('Where', [flags, x, codes])],
    ['Clip: least: expected 0 axes, got [3]', () => apply('Clip', [x, vector(3)])],
    ['Clip: most: expected float64, got float32', () => apply('Clip', [x, undefined, constant(float32([1], []))])],
    ['MatMul: A: expected at least 1 axis, got []', () => apply('MatMul', [scalar, x])],
    ['Gemm: A: expected 2 axes, got [n]', () => apply('Gemm', [row, matrix(3, 3)])],
    ['Gemm: axis 1 of B: expected 3, got 2', () => apply('Gemm', [x, matrix(4, 2)], { transB: true })],
    ['Gemm: axis 0 of C: expected 4 or 1, got 3', () => apply('Gemm', [x, matrix(3, 4), vector(3)])],
    [
      'Gemm: C: expected at most 2 axes (of [n, 4]), got [1, 1, 4]',
      () => apply('Gemm', [x, matrix(3, 4), constant(float64([1, 2, 3, 4], [1, 1, 4]))]),
    ],
    ['Concat: axis: expected a whole number in [-2, 1], got 2', () => apply('Concat', [x, x], { axis: 2 })],
    ['Concat: axis 0 of data[1]: expected n, got m', () => apply('Concat', [x, other], { axis: 1 })],
    [
      'Concat: axis 0 of data[0]: expected a size that is known beforehand, got n',
      () => apply('Concat', [x, other], { axis: 0 }),
    ],
    ['Concat: data[1]: expected 2 axes, got [n]', () => apply('Concat', [x, row], { axis: 1 })],
    ['Reshape: shape: expected as many elements as [n, 3], got [0, 2]', () => apply('Reshape', [x, ints(0, 2)])],
    ['Reshape: shape: expected as many elements as [n, 3], got [-1, 2]', () => apply('Reshape', [x, ints(-1, 2)])],
    [
      'Reshape: shape: expected as many elements as [n, 3], got [-1, 3, 3]',
      () => apply('Reshape', [x, ints(-1, 3, 3)]),
    ],
    ['Reshape: shape: expected one -1, got [-1, -1]', () => apply('Reshape', [x, ints(-1, -1)])],
    ['Reshape: axis 2 of shape: expected a size (x is [n, 3]), got 0', () => apply('Reshape', [x, ints(0, 0, 0)])],
    ['Reshape: shape: expected an int64 constant, got input (int64)', () => apply('Reshape', [x, codes])],
    ['Unsqueeze: axes: expected no axis twice, got [0, -3]', () => apply('Unsqueeze', [row, ints(0, -3)])],
    ['Squeeze: axis 1 of x: expected 1, got 3', () => apply('Squeeze', [x, ints(1)])],
    ['Transpose: perm: expected a permutation of 0 to 1, got [0, 0]', () => apply('Transpose', [x], { perm: [0, 0] })],
    ['Gather: indices: expected int64 or int32, got float64', () => apply('Gather', [x, row])],
    [
      'Slice: axis 0 of x: expected a size that is known beforehand, got n',
      () => apply('Slice', [x, ints(0), ints(2), ints(0)]),
    ],
    [
      'Slice: ends: expected 1 numbers, one for each axis, got 2',
      () => apply('Slice', [x, ints(0), ints(2, 3), ints(1)]),
    ],
    [
      'Slice: axis 1 of steps: expected a step other than 0, got 0',
      () => apply('Slice', [x, ints(0), ints(2), ints(1), ints(0)]),
    ],
    ['CumSum: axis: expected a whole number in [-2, 1], got 5', () => apply('CumSum', [x, ints(5)])],
    ['CumSum: axis: expected 1 number, got 2', () => apply('CumSum', [x, ints(0, 1)])],
    ['ReduceSum: axes: expected at least 1 axis, got []', () => apply('ReduceSum', [x, ints()])],
    ['OneHot: depth: expected at least 1, got 0', () => apply('OneHot', [codes, ints(0), ints(0, 1)])],
    ['OneHot: axis 0 of values: expected 2, got 3', () => apply('OneHot', [codes, ints(2), ints(0, 1, 2)])],
    [
      'LabelEncoder: values_int64s: expected 2 values, one for each key, got 1',
      () => apply('LabelEncoder', [words], { keys_strings: ['a', 'b'], values_int64s: [1], default_int64: 0 }),
    ],
    [
      'LabelEncoder: keys_strings: expected no key twice, got a',
      () => apply('LabelEncoder', [words], { keys_strings: ['a', 'a'], values_floats: [1, 2], default_float: 0 }),
    ],
  ])('refuses: %s', (message, attempt) => {
    expect(refusal(attempt).message).toBe(message);
  });

  it('has a name for every operand and says which kernels there are', () => {
    for (const rule of Object.values(operators)) {
      expect(rule.operands.length).toBeGreaterThan(0);
      expect(rule.dtypes.length).toBeGreaterThan(0);
    }
  });
});

describe('tensors', () => {
  it('have as many elements as their shape says', () => {
    expect(() => float64([1, 2, 3], [2, 2])).toThrow('Tensor [2, 2]: expected 4 elements, got 3');
    expect(int64([1, -2]).data).toEqual(BigInt64Array.of(1n, -2n));
    expect(bool([true, false]).data).toEqual(Uint8Array.of(1, 0));
  });
});

describe('buildModel', () => {
  const weights = parameter('w', float64([1, 2, 3], [3, 1]));
  const hidden = apply('MatMul', [x, weights]);
  const build = () => {
    const y = apply('Sigmoid', [apply('Add', [apply('MatMul', [x, weights]), constant(float64([0.5]))])]);
    return buildModel({ name: 'g', inputs: [x], outputs: { y, margin: y }, metadata: { b: '2', a: '1' } });
  };

  it('gives the same bytes for the same graph', () => {
    expect(build()).toEqual(build());
  });

  it('writes inputs, outputs and metadata in the order given', () => {
    expect(describeModel(build())).toEqual({
      irVersion: 10,
      opsets: { '': 21, 'ai.onnx.ml': 3 },
      inputs: [{ name: 'x', dtype: 'float64', shape: ['n', 3] }],
      outputs: [
        { name: 'y', dtype: 'float64', shape: ['n', 1] },
        { name: 'margin', dtype: 'float64', shape: ['n', 1] },
      ],
      metadata: { b: '2', a: '1' },
    });
  });

  it('writes a shared value once and what no output needs not at all', () => {
    apply('Exp', [hidden]);
    const y = apply('Mul', [hidden, hidden]);
    const { graph } = decodeModel(buildModel({ name: 'g', inputs: [x], outputs: { y } }));
    expect(graph.node!.map(({ opType }) => opType)).toEqual(['MatMul', 'Mul']);
    expect(graph.initializer!.map(({ name }) => name)).toEqual(['w']);
  });

  it('names a result by its first output, and copies it for another', () => {
    const y = apply('Exp', [hidden]);
    const { graph } = decodeModel(buildModel({ name: 'g', inputs: [x], outputs: { y, again: y, weights } }));
    expect(graph.node!.map(({ opType, input, output }) => [opType, input, output])).toEqual([
      ['MatMul', ['x', 'w'], ['MatMul_0']],
      ['Exp', ['MatMul_0'], ['y']],
      ['Identity', ['y'], ['again']],
      ['Identity', ['w'], ['weights']],
    ]);
  });

  it('takes graphs deeper than the call stack', () => {
    let y: Value = x;
    for (let i = 0; i < 20_000; i++) y = apply('Neg', [y]);
    const { graph } = decodeModel(buildModel({ name: 'deep', inputs: [x], outputs: { y } }));
    expect(graph.node).toHaveLength(20_000);
  });

  it.each<[string, () => Uint8Array]>([
    [
      'Graph "g": expected input "x" among its inputs, got none',
      () => buildModel({ name: 'g', inputs: [], outputs: { y: hidden } }),
    ],
    [
      'Graph "g": expected every name once, got "x" twice',
      () => buildModel({ name: 'g', inputs: [x, input('x', 'string', ['n'])], outputs: { y: hidden } }),
    ],
    [
      'Graph "g": expected every name once, got "w" twice',
      () =>
        buildModel({ name: 'g', inputs: [x], outputs: { y: apply('Add', [hidden, parameter('w', float64([1]))]) } }),
    ],
    [
      'Graph "g": expected declared inputs, got a constant',
      () => buildModel({ name: 'g', inputs: [constant(strings(['a']))], outputs: { y: hidden } }),
    ],
  ])('refuses: %s', (message, attempt) => {
    expect(refusal(attempt).message).toBe(message);
  });
});
