import { apply, constant, float32, int64, ints, strings } from '@haat/onnx';
import type { ReductionSignatures } from '@haat/onnx';
import { randomAxes, randomShapes } from './random.shapes.ts';
import { constantOf, type Cases, type OperatorCase } from './operator.case.ts';

type Reduction = 'ReduceSum' | 'ReduceMean' | 'ReduceMax' | 'ReduceMin' | 'ReduceLogSumExp';

/** `rows`: the symbol of an axis that is reduced, `some` where no elements have no answer. */
const reduction = (operator: Reduction, rows = 'n'): OperatorCase[] => [
  (dtype, declare) => apply(operator, [declare('x', dtype, [rows, 3]), ints(-1)], { keepdims: false }),
  (dtype, declare) => apply(operator, [declare('x', dtype, [rows, 3, 2]), ints(0, 2)]),
  (dtype, declare) => apply(operator, [declare('x', dtype, [rows, 3, 2]), ints(1, 0)], { keepdims: false }),
  (dtype, declare) => apply(operator, [declare('x', dtype, [rows, 1]), ints(0, 1)], { keepdims: false }),
  ...randomShapes(operator.length, 6)
    .filter(({ length }) => length > 0)
    .map((shape, i): OperatorCase => {
      const axes = ints(...randomAxes(i, shape.length));
      return (dtype, declare) => apply(operator, [declare('x', dtype, shape), axes], { keepdims: i % 2 === 0 });
    }),
];

const alongAxis = (operator: 'Softmax' | 'LogSoftmax'): OperatorCase[] => [
  (dtype, declare) => apply(operator, [declare('x', dtype, ['n', 3])], { axis: 1 }),
  (dtype, declare) => apply(operator, [declare('x', dtype, ['n', 3, 2])], { axis: -2 }),
  (dtype, declare) => apply(operator, [declare('x', dtype, ['some', 1])], { axis: 0 }),
];

/** Operators that sum along axes. */
export const reductionCases: Cases<keyof ReductionSignatures> = {
  MatMul: [
    (dtype, declare) => apply('MatMul', [declare('x', dtype, ['n', 2, 3]), declare('y', dtype, [3, 4])]),
    (dtype, declare) => apply('MatMul', [declare('x', dtype, ['some', 2, 1, 3]), declare('y', dtype, [2, 3, 1])]),
    (dtype, declare) => apply('MatMul', [declare('x', dtype, ['n', 'm', 3]), declare('y', dtype, [3, 2])]),
    (dtype, declare) => apply('MatMul', [declare('x', dtype, [2, 'n']), declare('y', dtype, ['n', 2])]),
    (dtype, declare) => apply('MatMul', [declare('x', dtype, [2]), declare('y', dtype, ['some', 2, 3])]),
    (dtype, declare) => apply('MatMul', [declare('x', dtype, ['some', 2, 3]), declare('y', dtype, [3])]),
    (dtype, declare) => apply('MatMul', [declare('x', dtype, ['n', 3]), constantOf(dtype, [1, 2, 3, 4, 5, 6], [3, 2])]),
    (dtype, declare) => apply('MatMul', [declare('x', dtype, ['some', 3]), constantOf(dtype, [1, 2, 3])]),
    (dtype, declare) => apply('MatMul', [constantOf(dtype, [1, 2, 3]), declare('x', dtype, ['some', 3, 2])]),
    (dtype, declare) => apply('MatMul', [declare('x', dtype, [3]), declare('y', dtype, [3])]),
    (dtype, declare) => apply('MatMul', [declare('x', dtype, ['some', 2, 3]), declare('y', dtype, [2, 1, 3, 2])]),
  ],
  Gemm: [
    (dtype, declare) =>
      apply('Gemm', [declare('x', dtype, ['n', 2]), declare('y', dtype, [2, 3]), declare('c', dtype, [3])]),
    ...[
      [false, true],
      [true, false],
      [true, true],
    ].map(([transA, transB]): OperatorCase => {
      const [a, b] = [transA ? [2, 'n'] : ['n', 2], transB ? [3, 2] : [2, 3]];
      return (dtype, declare) =>
        apply('Gemm', [declare('x', dtype, a), declare('y', dtype, b), declare('c', dtype, [])], {
          transA,
          transB,
          alpha: 0.5,
          beta: 2,
        });
    }),
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
  CumSum: [
    (dtype, declare) => apply('CumSum', [declare('x', dtype, ['n', 3]), ints(1)]),
    (dtype, declare) =>
      apply('CumSum', [declare('x', dtype, ['n', 3]), constant(int64([-2], []))], { exclusive: true, reverse: true }),
  ],
  Einsum: [
    (dtype, declare) =>
      apply('Einsum', [declare('x', dtype, ['some', 2, 3]), declare('y', dtype, ['some', 3, 4])], {
        equation: 'bij,bjk->bki',
      }),
    (dtype, declare) => apply('Einsum', [declare('x', dtype, ['some', 3])], { equation: 'ij->j' }),
    (dtype, declare) =>
      apply('Einsum', [declare('x', dtype, ['some', 2]), declare('y', dtype, [3]), declare('z', dtype, [3, 2])], {
        equation: 'ai,b,bc->ac',
      }),
    (dtype, declare) =>
      apply('Einsum', [declare('x', dtype, ['some', 2]), declare('y', dtype, ['some', 2])], { equation: 'ij,ij->' }),
  ],
  ReduceSum: reduction('ReduceSum'),
  ReduceMean: reduction('ReduceMean'),
  ReduceMax: reduction('ReduceMax', 'some'),
  ReduceMin: reduction('ReduceMin', 'some'),
  ReduceLogSumExp: reduction('ReduceLogSumExp', 'some'),
  Softmax: alongAxis('Softmax'),
  LogSoftmax: alongAxis('LogSoftmax'),
  ArgMax: [
    (dtype, declare) => apply('ArgMax', [declare('x', dtype, ['n', 3])], { axis: 1 }),
    (dtype, declare) => apply('ArgMax', [declare('x', dtype, ['n', 3, 2])], { axis: -2, keepdims: false }),
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
};
