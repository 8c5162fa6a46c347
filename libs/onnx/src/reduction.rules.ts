import type { Value } from './graph.value.ts';
import type { OperatorRule, Rules } from './operator.rule.ts';
import type { Refuse } from './refusal.ts';
import { axisOf, broadcast, broadcastTo, constantInts, dtypeOf, rankOf, sameDimension } from './shape.algebra.ts';
import { formatShape, type Shape } from './tensor.ts';

const reals = ['float32', 'float64'] as const;
const numbers = [...reals, 'int32', 'int64'] as const;

const matMul: OperatorRule<'MatMul'> = {
  domain: '',
  operands: ['A', 'B'],
  dtypes: numbers,
  attributes: {},
  infer: ([a, b], _, refuse) => {
    dtypeOf(b, 'B', [a.dtype], refuse);
    for (const [of, { shape }] of Object.entries({ A: a, B: b })) {
      if (shape.length === 0) throw refuse({ of, expected: 'at least 1 axis', got: formatShape(shape) });
    }
    const inner = Math.max(0, b.shape.length - 2);
    sameDimension(a.shape.at(-1)!, b.shape[inner]!, { of: 'B', axis: inner }, refuse);
    const stacks = [a, b].map(({ shape }, i) => ({ of: i === 0 ? 'A' : 'B', shape: shape.slice(0, -2) }));
    const rows: Shape = a.shape.length > 1 ? [a.shape.at(-2)!] : [];
    const columns: Shape = b.shape.length > 1 ? [b.shape.at(-1)!] : [];
    return { dtype: a.dtype, shape: [...broadcast(stacks, refuse), ...rows, ...columns] };
  },
};

const gemm: OperatorRule<'Gemm'> = {
  domain: '',
  operands: ['A', 'B', 'C'],
  dtypes: reals,
  attributes: { alpha: 'float', beta: 'float', transA: 'flag', transB: 'flag' },
  infer: ([a, b, c], { transA = false, transB = false }, refuse) => {
    const matrix = (of: string, value: Value) => {
      dtypeOf(value, of, [a.dtype], refuse);
      rankOf({ of, shape: value.shape }, 2, refuse);
    };
    matrix('A', a);
    matrix('B', b);
    const [rows, inner] = [Number(transA), 1 - Number(transA)];
    const [height, columns] = [Number(transB), 1 - Number(transB)];
    sameDimension(a.shape[inner]!, b.shape[height]!, { of: 'B', axis: height }, refuse);
    const shape = [a.shape[rows]!, b.shape[columns]!];
    if (c !== undefined) {
      dtypeOf(c, 'C', [a.dtype], refuse);
      broadcastTo(shape, { of: 'C', shape: c.shape }, refuse);
    }
    return { dtype: a.dtype, shape };
  },
};

const cumSum: OperatorRule<'CumSum'> = {
  domain: '',
  operands: ['x', 'axis'],
  dtypes: numbers,
  attributes: { exclusive: 'flag', reverse: 'flag' },
  infer: ([x, axis], _, refuse) => {
    axisOf(one(axis, 'axis', refuse), x.shape.length, refuse);
    return { dtype: x.dtype, shape: x.shape };
  },
};

const reduceSum: OperatorRule<'ReduceSum'> = {
  domain: '',
  operands: ['x', 'axes'],
  dtypes: numbers,
  attributes: { keepdims: 'flag' },
  infer: ([x, axes], { keepdims = true }, refuse) => {
    const wanted = constantInts(axes, 'axes', refuse);
    if (wanted.length === 0) throw refuse({ of: 'axes', expected: 'at least 1 axis', got: formatShape(wanted) });
    const summed = new Set(wanted.map((axis) => axisOf(axis, x.shape.length, refuse, 'axes')));
    const shape = keepdims
      ? x.shape.map((size, axis) => (summed.has(axis) ? 1 : size))
      : x.shape.filter((_, axis) => !summed.has(axis));
    return { dtype: x.dtype, shape };
  },
};

const oneHot: OperatorRule<'OneHot'> = {
  domain: '',
  operands: ['indices', 'depth', 'values'],
  dtypes: ['int64'],
  attributes: { axis: 'int' },
  infer: ([indices, depth, values], { axis = -1 }, refuse) => {
    const size = one(depth, 'depth', refuse);
    if (size < 1) throw refuse({ of: 'depth', expected: 'at least 1', got: `${size}` });
    dtypeOf(values, 'values', ['float32', 'int64', 'string'], refuse);
    rankOf({ of: 'values', shape: values.shape }, 1, refuse);
    sameDimension(2, values.shape[0]!, { of: 'values', axis: 0 }, refuse);
    const at = axisOf(axis, indices.shape.length + 1, refuse);
    return { dtype: values.dtype, shape: indices.shape.toSpliced(at, 0, size) };
  },
};

/** Operators that sum along an axis, or spread one out. */
export const reductionRules: Rules<'MatMul' | 'Gemm' | 'CumSum' | 'ReduceSum' | 'OneHot'> = {
  MatMul: matMul,
  Gemm: gemm,
  CumSum: cumSum,
  ReduceSum: reduceSum,
  OneHot: oneHot,
};

function one(value: Value, of: string, refuse: Refuse): number {
  const values = constantInts(value, of, refuse);
  if (values.length !== 1) throw refuse({ of, expected: '1 number', got: `${values.length}` });
  return values[0]!;
}
