import {
  apply,
  batchNormalization,
  constant,
  conv,
  convTranspose,
  einsum,
  expand,
  float32,
  gather,
  input,
  ints,
  maxPool,
  pad,
  reshape,
  scatterAdd,
  softmax,
  sum,
  type Value,
} from '../index.ts';

const image = input('image', 'float32', ['n', 4, 8, 8]);
const rows = input('rows', 'float32', ['n', 6]);
const ids = input('ids', 'int64', ['n']);
const weights = (...shape: number[]) => constant(float32(new Float64Array(shape.reduce((a, b) => a * b, 1)), shape));

describe('shapes of networks', () => {
  it.each<[string, () => Value, Value['shape']]>([
    ['conv, same', () => conv(image, weights(6, 4, 3, 3), { padding: 'same' }), ['n', 6, 8, 8]],
    ['conv, same, stride', () => conv(image, weights(6, 4, 3, 3), { padding: 'same', stride: 3 }), ['n', 6, 3, 3]],
    ['conv, groups', () => conv(image, weights(6, 2, 3, 1), { groups: 2, padding: [1, 0] }), ['n', 6, 8, 8]],
    ['conv, dilation', () => conv(image, weights(1, 4, 3, 3), { dilation: 2 }), ['n', 1, 4, 4]],
    ['convTranspose', () => convTranspose(image, weights(4, 2, 2, 2), { stride: 2 }), ['n', 2, 16, 16]],
    [
      'convTranspose, more at the end',
      () => convTranspose(image, weights(4, 2, 3, 3), { stride: 2, padding: 1, outputPadding: 1 }),
      ['n', 2, 16, 16],
    ],
    ['maxPool', () => maxPool(image, 2), ['n', 4, 4, 4]],
    ['maxPool, overlapping', () => maxPool(image, 3, { stride: 2, padding: 1 }), ['n', 4, 4, 4]],
    ['rows of a batch of sequences', () => reshape(image, ['32*n', 8]), ['32*n', 8]],
    ['and back', () => reshape(reshape(image, ['32*n', 8]), ['n', 4, 8, 8]), ['n', 4, 8, 8]],
    ['sum of all', () => sum(rows), []],
  ])('%s', (_, build, shape) => {
    expect(build().shape).toEqual(shape);
  });

  it.each<[string, () => Value]>([
    ['Conv: axis 1 of x: expected 3, got 4', () => conv(image, weights(6, 3, 3, 3))],
    ['Conv: w: expected 4 axes, got [6, 4, 3]', () => conv(image, weights(6, 4, 3))],
    [
      'Conv: axis 0 of w: expected a multiple of 2 (the groups), got 5',
      () => conv(image, weights(5, 2, 1, 1), { groups: 2 }),
    ],
    ['Conv: axis 0 of b: expected 6, got 5', () => conv(image, weights(6, 4, 1, 1), { bias: weights(5) })],
    ['Conv: axis 2 of x: expected at least 9 with padding, got 8', () => conv(image, weights(1, 4, 9, 1))],
    ['Conv: strides: expected whole numbers from 1, got [0, 0]', () => conv(image, weights(1, 4, 1, 1), { stride: 0 })],
    ['Conv: x: expected at least 3 axes, got [n, 6]', () => conv(rows, weights(1, 6))],
    [
      'ConvTranspose: output_padding: expected less than the stride 2, got 2',
      () => convTranspose(image, weights(4, 2, 2, 2), { stride: 2, outputPadding: 2 }),
    ],
    ['MaxPool: strides: expected 2 numbers, got 1', () => maxPool(image, 2, { stride: [2] })],
    ['Softmax: axis: expected a whole number in [-2, 1], got 2', () => softmax(rows, 2)],
    ['Einsum: equation: expected 2 terms, one for each operand, got 1', () => einsum('ij->j', rows, rows)],
    ['Einsum: equation: expected no letter twice in a term, got "ii"', () => einsum('ii->i', rows)],
    ['Einsum: axis 1 of data[1]: expected 6, got 5', () => einsum('ij,kj->ik', rows, weights(2, 5))],
    ['Expand: axis 1 of x: expected 5 or 1 (to go with [n, 5]), got 6', () => expand(rows, ['n', 5])],
    ['Shape [m, 6]: expected an axis of size "m", got none', () => expand(rows, ['m', 6])],
    [
      'Pad: axis 0 of x: expected a size that is known beforehand, got n',
      () =>
        pad(rows, [
          [1, 0],
          [0, 0],
        ]),
    ],
    ['Pad: pads: expected 4 numbers, two for each axis, got 2', () => pad(rows, [[1, 0]])],
    ['Gather: axis: expected a whole number in [-2, 1], got 2', () => gather(rows, ids, 2)],
    ['ScatterElements: indices: expected 2 axes, got [n]', () => scatterAdd(rows, ids, weights(1), 0)],
    [
      'GatherND: indices: expected a last axis of 1 to 2 (x is [n, 6]), got [3]',
      () => apply('GatherND', [rows, ints(1, 2, 3)]),
    ],
    ['Carry: state: expected a declared state, got a constant', () => apply('Carry', [rows, weights(6), weights(6)])],
    [
      'Mul: axis 0 of B: expected 4 or 1 (to go with [n, 4, 8, 8]), got 5',
      () => batchNormalization('b', 5)(image, 'training'),
    ],
  ])('refuses: %s', (message, build) => {
    expect(build).toThrow(message);
  });
});
