import { apply, type ConvAttributes, type ConvolutionSignatures, type PoolAttributes, type Shape } from '@haat/onnx';
import type { Cases, OperatorCase } from './operator.case.ts';

/** The shapes of x and w with how w moves over x. */
interface ConvCase {
  readonly x: Shape;
  readonly w: Shape;
  readonly attributes: ConvAttributes;
}

const square = (stride: number, padding: number, dilation: number, group = 1): ConvAttributes => ({
  strides: [stride, stride],
  pads: [padding, padding, padding, padding],
  dilations: [dilation, dilation],
  group,
});

/** Stride, padding, dilation, groups, depthwise (with a multiplier), one and three spatial axes, windows of 1, rows left over. */
export const convCases: readonly ConvCase[] = [
  { x: ['some', 2, 5, 4], w: [3, 2, 3, 3], attributes: square(1, 1, 1) },
  { x: ['some', 2, 6, 5], w: [3, 2, 3, 2], attributes: square(2, 1, 1) },
  { x: ['some', 1, 8, 7], w: [2, 1, 2, 3], attributes: square(3, 0, 1) },
  { x: ['some', 2, 7, 6], w: [2, 2, 2, 2], attributes: square(2, 1, 2) },
  { x: ['some', 4, 4, 4], w: [6, 2, 3, 3], attributes: square(1, 1, 1, 2) },
  { x: ['some', 3, 5, 5], w: [3, 1, 3, 3], attributes: square(2, 1, 1, 3) },
  { x: ['some', 2, 4, 3], w: [4, 1, 2, 2], attributes: square(1, 0, 1, 2) },
  { x: ['some', 3, 3, 3], w: [2, 3, 1, 1], attributes: square(1, 0, 1) },
  {
    x: ['some', 2, 5, 6],
    w: [2, 2, 3, 3],
    attributes: { strides: [1, 2], pads: [0, 1, 2, 0], dilations: [2, 1], group: 1 },
  },
  { x: ['some', 2, 7], w: [3, 2, 3], attributes: { strides: [2], pads: [1, 0], dilations: [1], group: 1 } },
  {
    x: ['some', 1, 3, 3, 2],
    w: [2, 1, 2, 2, 2],
    attributes: { strides: [1, 1, 1], pads: [0, 0, 0, 0, 0, 0], dilations: [1, 1, 1], group: 1 },
  },
];

const poolCases: readonly { readonly x: Shape; readonly attributes: PoolAttributes }[] = [
  { x: ['n', 2, 4, 6], attributes: window([2, 2], [2, 2], [0, 0, 0, 0]) },
  { x: ['n', 2, 5, 5], attributes: window([3, 3], [2, 2], [1, 1, 1, 1]) },
  { x: ['n', 1, 4, 5], attributes: window([3, 2], [1, 2], [1, 0, 0, 1]) },
  { x: ['n', 2, 1, 1], attributes: window([1, 1], [1, 1], [0, 0, 0, 0]) },
  { x: ['n', 2, 6], attributes: window([3], [2], [0, 1]) },
];

const pooling = (operator: 'MaxPool' | 'MaxPoolIndices'): OperatorCase[] =>
  poolCases.map(
    ({ x, attributes }) =>
      (dtype, declare) =>
        apply(operator, [declare('x', dtype, x)], attributes),
  );

/** Operators that move a window over spatial axes. */
export const convolutionCases: Cases<keyof ConvolutionSignatures> = {
  Conv: [
    ...convCases.map(
      ({ x, w, attributes }): OperatorCase =>
        (dtype, declare) =>
          apply('Conv', [declare('x', dtype, x), declare('w', dtype, w)], attributes),
    ),
    (dtype, declare) =>
      apply(
        'Conv',
        [declare('x', dtype, ['some', 2, 3, 3]), declare('w', dtype, [4, 2, 2, 2]), declare('b', dtype, [4])],
        square(1, 0, 1),
      ),
  ],
  ConvTranspose: [
    ...convCases.map(({ x, w, attributes }): OperatorCase => {
      const [rows, , ...sizes] = x;
      const output_padding = attributes.strides.map((stride) => stride - 1);
      return (dtype, declare) =>
        apply('ConvTranspose', [declare('x', dtype, [rows!, w[0]!, ...sizes]), declare('w', dtype, w)], {
          ...attributes,
          output_padding,
        });
    }),
    (dtype, declare) =>
      apply(
        'ConvTranspose',
        [declare('x', dtype, ['some', 2, 3, 3]), declare('w', dtype, [2, 3, 2, 2]), declare('b', dtype, [3])],
        { ...square(2, 0, 1), output_padding: [0, 0] },
      ),
  ],
  MaxPool: pooling('MaxPool'),
  MaxPoolIndices: pooling('MaxPoolIndices'),
  AveragePool: [true, false].flatMap((count_include_pad) =>
    poolCases.map(
      ({ x, attributes }): OperatorCase =>
        (dtype, declare) =>
          apply('AveragePool', [declare('x', dtype, x)], { ...attributes, count_include_pad }),
    ),
  ),
};

function window(kernel: readonly number[], strides: readonly number[], pads: readonly number[]): PoolAttributes {
  return { kernel_shape: kernel, strides, pads, dilations: kernel.map(() => 1) };
}
