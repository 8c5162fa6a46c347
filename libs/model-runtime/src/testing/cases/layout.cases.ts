import { apply, constant, int32, int64, ints, sizes } from '@haat/onnx';
import type { LayoutSignatures } from '@haat/onnx';
import { constantOf, type Cases, type OperatorCase } from './operator.case.ts';
import { broadcastPairs, randomShapes, shuffledAxes } from './random.shapes.ts';

/** Operators that move elements. */
export const layoutCases: Cases<keyof LayoutSignatures> = {
  Concat: [
    (dtype, declare) =>
      apply(
        'Concat',
        [declare('x', dtype, ['n', 2, 3]), declare('y', dtype, ['n', 2, 1]), declare('z', dtype, ['n', 2, 2])],
        {
          axis: -1,
        },
      ),
    (dtype, declare) => apply('Concat', [declare('x', dtype, ['n', 3]), declare('y', dtype, ['n', 1])], { axis: 1 }),
    (dtype, declare) => apply('Concat', [constantOf(dtype, [1, 2], [1, 2]), declare('y', dtype, [3, 2])], { axis: -2 }),
    (dtype, declare) => apply('Concat', [declare('x', dtype, ['n', 3])], { axis: 0 }),
  ],
  Reshape: [
    (dtype, declare) => apply('Reshape', [declare('x', dtype, ['n', 6]), ints(0, 2, 3)]),
    (dtype, declare) => apply('Reshape', [declare('x', dtype, ['n', 6]), ints(-1, 6)]),
    (dtype, declare) => apply('Reshape', [declare('x', dtype, ['some', 6]), ints(0, 3, -1)]),
    (dtype, declare) => apply('Reshape', [declare('x', dtype, ['n', 3, 2]), ints(-1, 2)]),
    (dtype, declare) => apply('Reshape', [declare('x', dtype, ['n', 2, 'm', 3]), ints(-1, 3)]),
    (dtype, declare) => {
      const x = declare('x', dtype, ['n', 'm', 6]);
      return apply('Reshape', [x, sizes(['m', 3, 'n', 2], [x])], { allowzero: true });
    },
    (dtype, declare) => apply('Reshape', [declare('x', dtype, [2, 0, 3]), ints(0, 5)], { allowzero: true }),
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
    ...randomShapes(8, 6).map(
      (shape, i): OperatorCase =>
        (dtype, declare) =>
          apply('Transpose', [declare('x', dtype, shape)], { perm: shuffledAxes(i, shape.length) }),
    ),
    (dtype, declare) => apply('Transpose', [declare('x', dtype, ['n', 2, 3])], { perm: [2, 0, 1] }),
    (dtype, declare) => apply('Transpose', [declare('x', dtype, ['n', 2])], { perm: [1, 0] }),
  ],
  Expand: [
    ...broadcastPairs(9, 4).map(
      ([a, b]): OperatorCase =>
        (dtype, declare) =>
          apply('Expand', [declare('x', dtype, a), ints(...b)]),
    ),
    (dtype, declare) => apply('Expand', [declare('x', dtype, [3, 1]), ints(2, 1, 4)]),
    (dtype, declare) => {
      const x = declare('x', dtype, ['n', 1]);
      return apply('Expand', [x, sizes(['m', 'n', 4], [declare('y', 'float32', ['m']), x])]);
    },
    (dtype, declare) => apply('Expand', [declare('x', dtype, []), apply('Shape', [declare('y', dtype, ['n', 2])], {})]),
  ],
  Pad: [
    (dtype, declare) => apply('Pad', [declare('x', dtype, ['n', 3]), ints(0, 1, 0, 2)]),
    (dtype, declare) => apply('Pad', [declare('x', dtype, ['n', 4]), ints(0, -1, 0, 2), constantOf(dtype, [7], [])]),
    (dtype, declare) => apply('Pad', [declare('x', dtype, [2, 3]), ints(2, 0, -1, -1)]),
  ],
  Shape: [
    (dtype, declare) => apply('Shape', [declare('x', dtype, ['n', 3])], {}),
    (dtype, declare) => apply('Shape', [declare('x', dtype, ['n', 3, 2])], { start: -2, end: -1 }),
  ],
  Size: [(dtype, declare) => apply('Size', [declare('x', dtype, ['n', 3])])],
  Range: [
    (_, declare) => {
      const limit = apply('Size', [declare('x', 'float32', ['n', 3])]);
      return apply('Range', [constant(int64([0], [])), limit, constant(int64([1], []))]);
    },
  ],
  Gather: [
    (dtype, declare) => apply('Gather', [declare('x', dtype, [5, 2]), declare('i', 'int64', ['n', 3])]),
    (dtype, declare) => apply('Gather', [declare('x', dtype, ['n', 5]), constant(int32([1, -1]))], { axis: -1 }),
    (dtype, declare) => apply('Gather', [declare('x', dtype, ['n', 5]), constant(int64([2], []))], { axis: 1 }),
  ],
  GatherElements: [
    (dtype, declare) =>
      apply('GatherElements', [declare('x', dtype, ['n', 3]), declare('i', 'int64', ['n', 2])], { axis: 1 }),
    (dtype, declare) => apply('GatherElements', [declare('x', dtype, [3, 2]), constant(int64([2, -1], [1, 2]))], {}),
  ],
  GatherND: [
    (dtype, declare) => apply('GatherND', [declare('x', dtype, [3, 3, 2]), declare('i', 'int64', ['n', 2])]),
    (dtype, declare) => apply('GatherND', [declare('x', dtype, [3, 2]), declare('i', 'int64', ['n', 2, 1])]),
  ],
  ScatterElements: [
    (dtype, declare) =>
      apply(
        'ScatterElements',
        [declare('x', dtype, ['n', 3]), declare('i', 'int64', ['n', 2]), declare('u', dtype, ['n', 2])],
        { axis: 1, reduction: 'add' },
      ),
    (dtype, declare) =>
      apply('ScatterElements', [declare('x', dtype, [3]), constant(int64([2, 2])), declare('u', dtype, [2])], {
        reduction: 'add',
      }),
  ],
  ScatterND: [
    (dtype, declare) =>
      apply(
        'ScatterND',
        [declare('x', dtype, [3, 2]), declare('i', 'int64', ['n', 1]), declare('u', dtype, ['n', 2])],
        {
          reduction: 'add',
        },
      ),
  ],
  Slice: [
    (dtype, declare) => apply('Slice', [declare('x', dtype, ['n', 5]), ints(1), ints(4), ints(1)]),
    (dtype, declare) => apply('Slice', [declare('x', dtype, ['n', 5]), ints(-3), ints(99), ints(-1), ints(2)]),
    (dtype, declare) => apply('Slice', [declare('x', dtype, ['n', 5]), ints(4), ints(-99), ints(1), ints(-2)]),
    (dtype, declare) => apply('Slice', [declare('x', dtype, [4, 5]), ints(3, 1), ints(2, 5), ints(0, 1)]),
  ],
};
