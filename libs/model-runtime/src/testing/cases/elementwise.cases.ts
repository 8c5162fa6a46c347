import { apply } from '@haat/onnx';
import type { ElementwiseSignatures } from '@haat/onnx';
import { broadcastPairs } from './random.shapes.ts';
import { constantOf, type Cases, type Interval, type OperatorCase } from './operator.case.ts';

type UnaryOperator = Exclude<
  keyof ElementwiseSignatures,
  BinaryOperator | 'Max' | 'Min' | 'Where' | 'Clip' | 'Cast' | 'LabelEncoder' | 'LeakyRelu'
>;

const unary = (operator: UnaryOperator, interval?: Interval): OperatorCase[] => [
  (dtype, declare) => apply(operator, [declare('x', dtype, ['n', 3], interval)]),
  (dtype, declare) => apply(operator, [declare('x', dtype, [], interval)]),
  (dtype, declare) => apply(operator, [declare('x', dtype, ['n', 1, 2, 2], interval)]),
];

type BinaryOperator =
  | 'Add'
  | 'Sub'
  | 'Mul'
  | 'Div'
  | 'Pow'
  | 'Equal'
  | 'Less'
  | 'LessOrEqual'
  | 'Greater'
  | 'GreaterOrEqual'
  | 'And'
  | 'Or'
  | 'BitwiseAnd'
  | 'BitwiseXor';

const binary = (operator: BinaryOperator, interval?: Interval): OperatorCase[] => [
  (dtype, declare) =>
    apply(operator, [declare('x', dtype, ['n', 3], interval), declare('y', dtype, ['n', 3], interval)]),
  (dtype, declare) => apply(operator, [declare('x', dtype, ['n', 1], interval), constantOf(dtype, [1, 2, 1, 1], [4])]),
  (dtype, declare) => apply(operator, [declare('x', dtype, [3], interval), declare('y', dtype, ['n', 2, 1], interval)]),
  (dtype, declare) =>
    apply(operator, [declare('x', dtype, [1, 2], interval), declare('y', dtype, ['n', 3, 1, 1], interval)]),
  (dtype, declare) => apply(operator, [declare('x', dtype, ['n'], interval), constantOf(dtype, [1], [])]),
  (dtype, declare) => apply(operator, [declare('x', dtype, ['n'], interval), declare('y', dtype, [], interval)]),
  ...broadcastPairs(operator.length, 6).map(
    ([a, b]): OperatorCase =>
      (dtype, declare) =>
        apply(operator, [declare('x', dtype, a, interval), declare('y', dtype, b, interval)]),
  ),
];

const variadic = (operator: 'Max' | 'Min'): OperatorCase[] => [
  (dtype, declare) => apply(operator, [declare('x', dtype, ['n', 3])]),
  (dtype, declare) =>
    apply(operator, [declare('x', dtype, ['n', 1]), declare('y', dtype, [3]), constantOf(dtype, [1], [])]),
  ...broadcastPairs(3, 4).map(
    ([a, b]): OperatorCase =>
      (dtype, declare) =>
        apply(operator, [declare('x', dtype, a), declare('y', dtype, b)]),
  ),
];

const positive = [0.5, 2] as const;

/** Operators that give one element for each element of the operands. */
export const elementwiseCases: Cases<keyof ElementwiseSignatures> = {
  Add: binary('Add'),
  Sub: binary('Sub'),
  Mul: binary('Mul'),
  Div: binary('Div'),
  Pow: binary('Pow', positive),
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
  BitwiseAnd: binary('BitwiseAnd'),
  BitwiseXor: binary('BitwiseXor'),
  Neg: unary('Neg'),
  Abs: unary('Abs'),
  Sign: unary('Sign'),
  Floor: unary('Floor'),
  IsNaN: unary('IsNaN'),
  Exp: unary('Exp'),
  Log: unary('Log', positive),
  Sqrt: unary('Sqrt', positive),
  Sin: unary('Sin'),
  Cos: unary('Cos'),
  Erf: unary('Erf'),
  Sigmoid: unary('Sigmoid'),
  Tanh: unary('Tanh'),
  Relu: unary('Relu'),
  LeakyRelu: [(dtype, declare) => apply('LeakyRelu', [declare('x', dtype, ['n', 3])], { alpha: 0.1 })],
  Softplus: unary('Softplus'),
  Gelu: unary('Gelu'),
  Where: [
    ...broadcastPairs(5, 4).map(
      ([a, b]): OperatorCase =>
        (dtype, declare) =>
          apply('Where', [declare('c', 'bool', b), declare('x', dtype, a), declare('y', dtype, b)]),
    ),
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
