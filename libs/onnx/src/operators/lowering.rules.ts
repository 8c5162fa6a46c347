import { convKinds, convolutionRules } from './convolution.rules.ts';
import { product } from './dimension.algebra.ts';
import type { LoweringSignatures } from './lowering.signatures.ts';
import type { OperatorRule, Rules } from './operator.rule.ts';
import { dtypeOf, rankOf } from './shape.algebra.ts';

const domain = 'com.microsoft.nchwc';

const resize: OperatorRule<'Resize'> = {
  domain: '',
  operands: ['x', 'roi', 'scales'],
  dtypes: ['float32'],
  attributes: { mode: 'string', coordinate_transformation_mode: 'string', nearest_mode: 'string' },
  infer: ([x, , scales], _, refuse) => {
    dtypeOf(scales, 'scales', ['float32'], refuse);
    const factors = scales.origin.kind === 'constant' ? Array.from(scales.origin.tensor.data, Number) : [];
    if (factors.length !== x.shape.length || factors.some((factor) => !Number.isInteger(factor) || factor < 1)) {
      throw refuse({ of: 'scales', expected: `a constant of ${x.shape.length} whole numbers`, got: factors.join() });
    }
    return { dtype: x.dtype, shape: x.shape.map((size, axis) => product([factors[axis]!, size])) };
  },
};

const reorderInput: OperatorRule<'ReorderInput'> = {
  domain,
  operands: ['x'],
  dtypes: ['float32'],
  attributes: { channels_last: 'flag' },
  infer: ([{ dtype, shape }], { channels_last }, refuse) => {
    rankOf({ of: 'x', shape }, 4, refuse);
    const [rows, high, wide, channels] = shape;
    return { dtype, shape: channels_last ? [rows!, channels!, high!, wide!] : shape };
  },
};

const reorderOutput: OperatorRule<'ReorderOutput'> = {
  domain,
  operands: ['x'],
  dtypes: ['float32'],
  attributes: { channels: 'int', channels_last: 'flag' },
  infer: ([{ dtype, shape }], { channels, channels_last }, refuse) => {
    rankOf({ of: 'x', shape }, 4, refuse);
    const [rows, , ...sizes] = shape;
    return { dtype, shape: channels_last ? [rows!, ...sizes, channels] : [rows!, channels, ...sizes] };
  },
};

/** Operators that only lowering applies. */
export const loweringRules: Rules<keyof LoweringSignatures> = {
  HardSigmoid: {
    domain: '',
    operands: ['x'],
    dtypes: ['float32'],
    attributes: { alpha: 'float', beta: 'float' },
    infer: ([{ dtype, shape }]) => ({ dtype, shape }),
  },
  Resize: resize,
  ReorderInput: reorderInput,
  ReorderOutput: reorderOutput,
  BlockedConv: {
    ...convolutionRules.Conv,
    domain,
    resultOf: { operator: 'Conv', position: 0 },
    attributes: { ...convKinds, activation: 'string' },
  },
  BlockedMaxPool: {
    ...convolutionRules.MaxPool,
    domain,
    dtypes: ['float32'],
    resultOf: { operator: 'MaxPool', position: 0 },
  },
  BlockedAveragePool: {
    ...convolutionRules.MaxPool,
    domain,
    dtypes: ['float32'],
    resultOf: { operator: 'AveragePool', position: 0 },
  },
};
