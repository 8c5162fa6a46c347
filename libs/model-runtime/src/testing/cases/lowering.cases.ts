import { apply, constant, float32, type ConvAttributes, type LoweringSignatures } from '@haat/onnx';
import type { Cases } from './operator.case.ts';

const window = { strides: [1, 1], pads: [1, 1, 1, 1], dilations: [1, 1] };
const dense: ConvAttributes = { ...window, group: 1 };
const pool = { kernel_shape: [2, 2], strides: [2, 2], pads: [0, 0, 0, 0], dilations: [1, 1] };

/** Operators that only lowering applies; 16 channels are whole blocks wherever there are blocks. */
export const loweringCases: Cases<keyof LoweringSignatures> = {
  HardSigmoid: [(dtype, declare) => apply('HardSigmoid', [declare('x', dtype, ['n', 3])], { alpha: 1e38, beta: 0 })],
  Resize: [
    (dtype, declare) =>
      apply('Resize', [declare('x', dtype, ['n', 2, 3, 4]), undefined, constant(float32([1, 1, 2, 3]))], {
        mode: 'nearest',
        coordinate_transformation_mode: 'asymmetric',
        nearest_mode: 'floor',
      }),
  ],
  ReorderInput: [
    (dtype, declare) => apply('ReorderInput', [declare('x', dtype, ['some', 16, 3, 2])], { channels_last: false }),
    (dtype, declare) => apply('ReorderInput', [declare('x', dtype, ['some', 3, 2, 16])], { channels_last: true }),
  ],
  ReorderOutput: [false, true].map(
    (channels_last) => (dtype, declare) =>
      apply('ReorderOutput', [declare('x', dtype, ['some', 16, 3, 2])], { channels: 16, channels_last }),
  ),
  BlockedConv: [
    (dtype, declare) =>
      apply('BlockedConv', [declare('x', dtype, ['some', 16, 4, 5]), declare('w', dtype, [32, 16, 3, 3])], dense),
    (dtype, declare) =>
      apply(
        'BlockedConv',
        [declare('x', dtype, ['some', 3, 4, 5]), declare('w', dtype, [16, 3, 3, 3]), declare('b', dtype, [16])],
        { ...dense, activation: 'Relu' },
      ),
  ],
  BlockedMaxPool: [(dtype, declare) => apply('BlockedMaxPool', [declare('x', dtype, ['some', 16, 4, 6])], pool)],
  BlockedAveragePool: [
    (dtype, declare) => apply('BlockedAveragePool', [declare('x', dtype, ['some', 16, 4, 6])], pool),
  ],
};
