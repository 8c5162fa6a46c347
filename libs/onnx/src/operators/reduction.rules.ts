import type { Value } from '../graph/graph.value.ts';
import type { Refuse } from '../graph/refusal.ts';
import { formatShape, type ElementType } from '../graph/tensor.ts';
import type { matrixRules } from './matrix.rules.ts';
import type { OperatorRule, Rules } from './operator.rule.ts';
import type { ReductionSignatures } from './reduction.signatures.ts';
import { axisOf, constantInts, dtypeOf, rankOf, sameDimension } from './shape.algebra.ts';

const reals = ['float32', 'float64'] as const;
const numbers = [...reals, 'int32', 'int64'] as const;

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

const reduction = (dtypes: readonly ElementType[]) =>
  ({
    domain: '',
    operands: ['x', 'axes'],
    dtypes,
    attributes: { keepdims: 'flag' },
    infer: (
      [x, axes]: readonly [Value, Value],
      { keepdims = true }: { readonly keepdims?: boolean },
      refuse: Refuse,
    ) => {
      const wanted = constantInts(axes, 'axes', refuse);
      if (wanted.length === 0) throw refuse({ of: 'axes', expected: 'at least 1 axis', got: formatShape(wanted) });
      const reduced = new Set(wanted.map((axis) => axisOf(axis, x.shape.length, refuse, 'axes')));
      const shape = keepdims
        ? x.shape.map((size, axis) => (reduced.has(axis) ? 1 : size))
        : x.shape.filter((_, axis) => !reduced.has(axis));
      return { dtype: x.dtype, shape };
    },
  }) as const;

const alongAxis = {
  domain: '',
  operands: ['x'],
  dtypes: reals,
  attributes: { axis: 'int' },
  infer: ([x]: readonly [Value], { axis }: { readonly axis: number }, refuse: Refuse) => {
    axisOf(axis, x.shape.length, refuse);
    return { dtype: x.dtype, shape: x.shape };
  },
} as const;

const argMax: OperatorRule<'ArgMax'> = {
  domain: '',
  operands: ['x'],
  dtypes: numbers,
  attributes: { axis: 'int', keepdims: 'flag' },
  infer: ([x], { axis, keepdims = true }, refuse) => {
    const at = axisOf(axis, x.shape.length, refuse);
    return { dtype: 'int64', shape: x.shape.toSpliced(at, 1, ...(keepdims ? [1] : [])) };
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
export const reductionRules: Rules<Exclude<keyof ReductionSignatures, keyof typeof matrixRules>> = {
  CumSum: cumSum,
  ReduceSum: reduction(numbers),
  ReduceMean: reduction(numbers),
  ReduceMax: reduction(numbers),
  ReduceMin: reduction(numbers),
  ReduceLogSumExp: reduction(reals),
  Softmax: alongAxis,
  LogSoftmax: alongAxis,
  ArgMax: argMax,
  OneHot: oneHot,
};

function one(value: Value, of: string, refuse: Refuse): number {
  const values = constantInts(value, of, refuse);
  if (values.length !== 1) throw refuse({ of, expected: '1 number', got: `${values.length}` });
  return values[0]!;
}
