import { apply, bool, constant, float32, float64, int32, int64, ints, strings } from '@haat/onnx';
import type { ElementType, OperatorName, Shape, Tensor, Value } from '@haat/onnx';

/** Declares an input of the case's graph. */
export type Declare = (name: string, dtype: ElementType, shape: Shape) => Value;

/** A graph around one operator; `dtype` is that of the operand that decides the operator's kernel. */
export type OperatorCase = (dtype: ElementType, declare: Declare) => Value;

/** A constant of the wanted element type; numbers become what the type can hold. */
export function constantOf(dtype: ElementType, data: readonly number[], shape?: readonly number[]): Value {
  return constant(tensorOf[dtype](data, shape));
}

const tensorOf: Readonly<Record<ElementType, (data: readonly number[], shape?: readonly number[]) => Tensor>> = {
  float32,
  float64,
  int32,
  int64,
  bool: (data, shape) => bool(data.map(Boolean), shape),
  string: (data, shape) => strings(data.map(String), shape),
};

const unary = (operator: 'Not' | 'Neg' | 'Abs' | 'Exp' | 'Log' | 'Sqrt' | 'Sigmoid'): OperatorCase[] => [
  (dtype, declare) => apply(operator, [declare('x', dtype, ['n', 3])]),
  (dtype, declare) => apply(operator, [declare('x', dtype, [])]),
];

type BinaryOperator =
  'Add' | 'Sub' | 'Mul' | 'Div' | 'Equal' | 'Less' | 'LessOrEqual' | 'Greater' | 'GreaterOrEqual' | 'And' | 'Or';

const binary = (operator: BinaryOperator): OperatorCase[] => [
  (dtype, declare) => apply(operator, [declare('x', dtype, ['n', 3]), declare('y', dtype, ['n', 3])]),
  (dtype, declare) => apply(operator, [declare('x', dtype, ['n', 1]), constantOf(dtype, [1, 2, 1, 1], [4])]),
  (dtype, declare) => apply(operator, [declare('x', dtype, [3]), declare('y', dtype, ['n', 2, 1])]),
  (dtype, declare) => apply(operator, [declare('x', dtype, ['n']), constantOf(dtype, [1], [])]),
];

const variadic = (operator: 'Max' | 'Min'): OperatorCase[] => [
  (dtype, declare) => apply(operator, [declare('x', dtype, ['n', 3])]),
  (dtype, declare) =>
    apply(operator, [declare('x', dtype, ['n', 1]), declare('y', dtype, [3]), constantOf(dtype, [1], [])]),
];

/** For every operator, graphs that exercise each rule of its inference. */
export const operatorCases: { readonly [K in OperatorName]: readonly OperatorCase[] } = {
  Add: binary('Add'),
  Sub: binary('Sub'),
  Mul: binary('Mul'),
  Div: binary('Div'),
  Max: variadic('Max'),
  Min: variadic('Min'),
  Equal: binary('Equal'),
  Less: binary('Less'),
  LessOrEqual: binary('LessOrEqual'),
  Greater: binary('Greater'),
  GreaterOrEqual: binary('GreaterOrEqual'),
  And: binary('And'),
  Or: binary('Or'),
  Not: unary('Not'),
  Neg: unary('Neg'),
  Abs: unary('Abs'),
  Exp: unary('Exp'),
  Log: unary('Log'),
  Sqrt: unary('Sqrt'),
  Sigmoid: unary('Sigmoid'),
  Where: [
    (dtype, declare) =>
      apply('Where', [declare('c', 'bool', ['n', 1]), declare('x', dtype, [3]), constantOf(dtype, [1], [1, 1])]),
    (dtype, declare) =>
      apply('Where', [declare('c', 'bool', ['n']), declare('x', dtype, ['n']), constantOf(dtype, [1], [])]),
  ],
  Clip: [
    (dtype, declare) =>
      apply('Clip', [declare('x', dtype, ['n', 3]), constantOf(dtype, [1], []), constantOf(dtype, [2], [])]),
    (dtype, declare) => apply('Clip', [declare('x', dtype, ['n', 3]), undefined, constantOf(dtype, [2], [])]),
    (dtype, declare) => apply('Clip', [declare('x', dtype, ['n']), constantOf(dtype, [1], [])]),
  ],
  Cast: (['float32', 'float64', 'int32', 'int64', 'bool', 'string'] as const).map(
    (to): OperatorCase =>
      (dtype, declare) =>
        apply('Cast', [declare('x', dtype, ['n', 2])], { to }),
  ),
  MatMul: [
    (dtype, declare) => apply('MatMul', [declare('x', dtype, ['n', 3]), constantOf(dtype, [1, 2, 3, 4, 5, 6], [3, 2])]),
    (dtype, declare) => apply('MatMul', [declare('x', dtype, ['n', 3]), constantOf(dtype, [1, 2, 3])]),
    (dtype, declare) => apply('MatMul', [constantOf(dtype, [1, 2, 3]), declare('x', dtype, ['n', 3, 2])]),
    (dtype, declare) => apply('MatMul', [declare('x', dtype, [3]), declare('y', dtype, [3])]),
    (dtype, declare) => apply('MatMul', [declare('x', dtype, ['n', 2, 3]), declare('y', dtype, [2, 1, 3, 2])]),
  ],
  Gemm: [
    (dtype, declare) => apply('Gemm', [declare('x', dtype, ['n', 2]), constantOf(dtype, [1, 2, 3, 4, 5, 6], [2, 3])]),
    (dtype, declare) =>
      apply(
        'Gemm',
        [declare('x', dtype, [2, 'n']), constantOf(dtype, [1, 2, 3, 4, 5, 6], [3, 2]), constantOf(dtype, [1, 2, 3])],
        { transA: true, transB: true, alpha: 0.5, beta: 2 },
      ),
    (dtype, declare) =>
      apply('Gemm', [declare('x', dtype, ['n', 1]), constantOf(dtype, [1, 2], [1, 2]), declare('c', dtype, ['n', 1])]),
  ],
  Concat: [
    (dtype, declare) => apply('Concat', [declare('x', dtype, ['n', 3]), declare('y', dtype, ['n', 1])], { axis: 1 }),
    (dtype, declare) => apply('Concat', [constantOf(dtype, [1, 2], [1, 2]), declare('y', dtype, [3, 2])], { axis: -2 }),
    (dtype, declare) => apply('Concat', [declare('x', dtype, ['n', 3])], { axis: 0 }),
  ],
  Reshape: [
    (dtype, declare) => apply('Reshape', [declare('x', dtype, ['n', 6]), ints(0, 2, 3)]),
    (dtype, declare) => apply('Reshape', [declare('x', dtype, ['n', 6]), ints(-1, 6)]),
    (dtype, declare) => apply('Reshape', [declare('x', dtype, ['n', 6]), ints(0, 3, -1)]),
    (dtype, declare) => apply('Reshape', [declare('x', dtype, ['n']), ints(-1, 1)]),
    (dtype, declare) => apply('Reshape', [declare('x', dtype, [2, 6]), ints(3, 4)]),
    (dtype, declare) => apply('Reshape', [declare('x', dtype, [1, 1]), ints()]),
  ],
  Unsqueeze: [
    (dtype, declare) => apply('Unsqueeze', [declare('x', dtype, ['n']), ints(1)]),
    (dtype, declare) => apply('Unsqueeze', [declare('x', dtype, ['n', 3]), ints(0, -1)]),
  ],
  Squeeze: [
    (dtype, declare) => apply('Squeeze', [declare('x', dtype, ['n', 1]), ints(-1)]),
    (dtype, declare) => apply('Squeeze', [declare('x', dtype, [1, 'n', 1, 2]), ints(0, 2)]),
  ],
  Transpose: [
    (dtype, declare) => apply('Transpose', [declare('x', dtype, ['n', 2, 3])], { perm: [2, 0, 1] }),
    (dtype, declare) => apply('Transpose', [declare('x', dtype, ['n', 2])], { perm: [1, 0] }),
  ],
  Gather: [
    (dtype, declare) => apply('Gather', [declare('x', dtype, [5, 2]), declare('i', 'int64', ['n', 3])]),
    (dtype, declare) => apply('Gather', [declare('x', dtype, ['n', 5]), constant(int32([1, -1]))], { axis: -1 }),
    (dtype, declare) => apply('Gather', [declare('x', dtype, ['n', 5]), constant(int64([2], []))], { axis: 1 }),
  ],
  Slice: [
    (dtype, declare) => apply('Slice', [declare('x', dtype, ['n', 5]), ints(1), ints(4), ints(1)]),
    (dtype, declare) => apply('Slice', [declare('x', dtype, ['n', 5]), ints(-3), ints(99), ints(-1), ints(2)]),
    (dtype, declare) => apply('Slice', [declare('x', dtype, ['n', 5]), ints(4), ints(-99), ints(1), ints(-2)]),
    (dtype, declare) => apply('Slice', [declare('x', dtype, [4, 5]), ints(3, 1), ints(2, 5), ints(0, 1)]),
  ],
  CumSum: [
    (dtype, declare) => apply('CumSum', [declare('x', dtype, ['n', 3]), ints(1)]),
    (dtype, declare) =>
      apply('CumSum', [declare('x', dtype, ['n', 3]), constant(int64([-2], []))], { exclusive: true, reverse: true }),
  ],
  ReduceSum: [
    (dtype, declare) => apply('ReduceSum', [declare('x', dtype, ['n', 3]), ints(-1)], { keepdims: false }),
    (dtype, declare) => apply('ReduceSum', [declare('x', dtype, ['n', 3, 2]), ints(0, 2)]),
  ],
  OneHot: (
    [
      [float32([0, 1]), -1],
      [int64([0, 7]), 0],
      [strings(['no', 'yes']), 1],
    ] as const
  ).map(
    ([values, axis]): OperatorCase =>
      (dtype, declare) =>
        apply('OneHot', [declare('x', dtype, ['n']), ints(4), constant(values)], { axis }),
  ),
  LabelEncoder: [
    (dtype, declare) =>
      apply('LabelEncoder', [declare('x', dtype, ['n', 1])], {
        keys_strings: ['0', '1', 'é'],
        values_int64s: [5, 6, 7],
        default_int64: -1,
      }),
    (dtype, declare) =>
      apply('LabelEncoder', [declare('x', dtype, ['n'])], {
        keys_strings: ['0', '1'],
        values_floats: [0.5, 1.5],
        default_float: 0,
      }),
  ],
};
