import { apply, bag, constant, float32, int32, mul, state, type HouseSignatures } from '@haat/onnx';
import { convCases } from './convolution.cases.ts';
import type { Cases, OperatorCase } from './operator.case.ts';

/** Operators of this house: what is run is their portable form. */
export const houseCases: Cases<keyof HouseSignatures> = {
  EmbeddingBag: (['sum', 'mean'] as const).flatMap((pooling) =>
    [undefined, 1, 2].map(
      (padding): OperatorCase =>
        (dtype, declare) =>
          bag(declare('table', dtype, [4, 2]), declare('i', 'int64', ['n', 3]), {
            pooling,
            ...(padding !== undefined && { padding }),
          }),
    ),
  ),
  StopGradient: [(dtype, declare) => apply('StopGradient', [declare('x', dtype, ['n', 3])])],
  Carry: [
    (dtype, declare) => {
      const running = state('running', float32([1, 2]));
      return apply('Carry', [declare('x', dtype, ['n', 3]), running, mul(2, running)]);
    },
  ],
  ReluGradient: [
    (dtype, declare) => apply('ReluGradient', [declare('y', dtype, ['n', 3]), declare('dy', dtype, ['n', 3])]),
  ],
  ConvWeightGradient: convCases.map(({ x, w, attributes }): OperatorCase => {
    const kernel_shape = w.slice(2).map(Number);
    return (dtype, declare) => {
      const input = declare('x', dtype, x);
      const { shape } = apply('Conv', [input, declare('w', dtype, w)], attributes);
      return apply('ConvWeightGradient', [input, declare('dy', dtype, shape)], { ...attributes, kernel_shape });
    };
  }),
  ConvInputGradient: convCases.map(({ x, w, attributes }): OperatorCase => {
    const sizes = x.slice(2).map(Number);
    return (dtype, declare) => {
      const weights = declare('w', dtype, w);
      const { shape } = apply('Conv', [declare('x', dtype, x), weights], attributes);
      return apply('ConvInputGradient', [declare('dy', dtype, shape), weights], { ...attributes, sizes });
    };
  }),
  MaxPoolGradient: [
    (dtype, declare) =>
      apply('MaxPoolGradient', [declare('x', dtype, ['n', 2, 4, 6]), declare('dy', dtype, ['n', 2, 2, 3])], {
        kernel_shape: [2, 2],
        strides: [2, 2],
        pads: [0, 0, 0, 0],
        dilations: [1, 1],
      }),
    (dtype, declare) =>
      apply('MaxPoolGradient', [declare('x', dtype, ['n', 1, 5, 5]), declare('dy', dtype, ['n', 1, 3, 3])], {
        kernel_shape: [3, 3],
        strides: [2, 2],
        pads: [1, 1, 1, 1],
        dilations: [1, 1],
      }),
  ],
  GatherGradient: [
    (dtype, declare) =>
      apply(
        'GatherGradient',
        [declare('x', dtype, [4, 2]), declare('i', 'int64', ['n', 3]), declare('dy', dtype, ['n', 3, 2])],
        { axis: 0 },
      ),
    (dtype, declare) =>
      apply(
        'GatherGradient',
        [declare('x', dtype, ['n', 3, 2]), constant(int32([2, -1, 2])), declare('dy', dtype, ['n', 3, 2])],
        { axis: 1 },
      ),
    (dtype, declare) =>
      apply(
        'GatherGradient',
        [declare('x', dtype, [2, 'n', 3]), declare('i', 'int64', []), declare('dy', dtype, [2, 'n'])],
        { axis: -1 },
      ),
  ],
};
