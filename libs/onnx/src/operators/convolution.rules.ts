import type { Value } from '../graph/graph.value.ts';
import type { Refuse } from '../graph/refusal.ts';
import { formatShape, type Dimension } from '../graph/tensor.ts';
import type {
  ConvAttributes,
  ConvolutionSignatures,
  PoolAttributes,
  WindowAttributes,
} from './convolution.signatures.ts';
import { product, quotient } from './dimension.algebra.ts';
import type { OperatorRule, Rules } from './operator.rule.ts';
import { dtypeOf, fixedSize, rankOf, sameDimension } from './shape.algebra.ts';

const window = { strides: 'ints', pads: 'ints', dilations: 'ints' } as const;
export const convKinds = { ...window, group: 'int' } as const;
export const poolKinds = { ...window, kernel_shape: 'ints' } as const;

const conv: OperatorRule<'Conv'> = {
  domain: '',
  operands: ['x', 'w', 'b'],
  dtypes: ['float32'],
  attributes: convKinds,
  infer: ([x, w, b], attributes, refuse) => {
    const spatial = spatialRank(x, attributes, refuse);
    sameRank(x, w, refuse);
    sameDimension(product([w.shape[1]!, attributes.group]), x.shape[1]!, { of: 'x', axis: 1 }, refuse);
    const channels = channelsOf(w.shape[0]!, attributes, refuse);
    bias(b, channels, x, refuse);
    const kernel = fixedSizes(w, 'w', refuse);
    return { dtype: x.dtype, shape: [x.shape[0]!, channels, ...slid(x, kernel, attributes, spatial, refuse)] };
  },
};

const convTranspose: OperatorRule<'ConvTranspose'> = {
  domain: '',
  operands: ['x', 'w', 'b'],
  dtypes: ['float32'],
  attributes: { ...convKinds, output_padding: 'ints' },
  infer: ([x, w, b], attributes, refuse) => {
    const spatial = spatialRank(x, attributes, refuse);
    sameRank(x, w, refuse);
    sameDimension(w.shape[0]!, x.shape[1]!, { of: 'x', axis: 1 }, refuse);
    channelsOf(w.shape[0]!, attributes, refuse);
    const channels = product([w.shape[1]!, attributes.group]);
    bias(b, channels, x, refuse);
    const { strides, pads, dilations, output_padding } = attributes;
    output_padding.forEach((added, i) => {
      if (added < strides[i]!) return;
      throw refuse({ of: 'output_padding', expected: `less than the stride ${strides[i]}`, got: `${added}` });
    });
    const kernel = fixedSizes(w, 'w', refuse);
    const sizes = fixedSizes(x, 'x', refuse).map((size, i) => {
      const reach = dilations[i]! * (kernel[i]! - 1) + 1;
      return strides[i]! * (size - 1) + reach + output_padding[i]! - pads[i]! - pads[i + spatial]!;
    });
    return { dtype: x.dtype, shape: [x.shape[0]!, channels, ...sizes] };
  },
};

const pool = (dtypes: readonly ('float32' | 'float64')[], result?: 'int64') =>
  ({
    domain: '',
    operands: ['x'],
    dtypes,
    attributes: poolKinds,
    infer: ([x]: readonly [Value], attributes: PoolAttributes, refuse: Refuse) => {
      const spatial = spatialRank(x, attributes, refuse);
      const sizes = slid(x, attributes.kernel_shape, attributes, spatial, refuse);
      return { dtype: result ?? x.dtype, shape: [...x.shape.slice(0, 2), ...sizes] };
    },
  }) as const;

/** Operators that move a window over the spatial axes. */
export const convolutionRules: Rules<keyof ConvolutionSignatures> = {
  Conv: conv,
  ConvTranspose: convTranspose,
  MaxPool: pool(['float32', 'float64']),
  MaxPoolIndices: { ...pool(['float32', 'float64'], 'int64'), resultOf: { operator: 'MaxPool', position: 1 } },
  AveragePool: { ...pool(['float32']), attributes: { ...poolKinds, count_include_pad: 'flag' } },
};

/** How many spatial axes x has. Throws unless the window has numbers for each. */
export function spatialRank(x: Value, attributes: WindowAttributes, refuse: Refuse): number {
  const spatial = x.shape.length - 2;
  if (spatial < 1) throw refuse({ of: 'x', expected: 'at least 3 axes', got: formatShape(x.shape) });
  for (const part of ['strides', 'pads', 'dilations'] as const) {
    const numbers = attributes[part];
    const [expected, least] = part === 'pads' ? [2 * spatial, 0] : [spatial, 1];
    if (numbers.length !== expected) {
      throw refuse({ of: part, expected: `${expected} numbers`, got: `${numbers.length}` });
    }
    if (numbers.some((number) => !Number.isInteger(number) || number < least)) {
      throw refuse({ of: part, expected: `whole numbers from ${least}`, got: formatShape(numbers) });
    }
  }
  return spatial;
}

function sameRank(x: Value, w: Value, refuse: Refuse): void {
  dtypeOf(w, 'w', [x.dtype], refuse);
  rankOf({ of: 'w', shape: w.shape }, x.shape.length, refuse);
}

function channelsOf(size: Dimension, { group }: ConvAttributes, refuse: Refuse): Dimension {
  if (quotient([size], [group]) === null) {
    throw refuse({ of: 'w', axis: 0, expected: `a multiple of ${group} (the groups)`, got: `${size}` });
  }
  return size;
}

function bias(b: Value | undefined, channels: Dimension, x: Value, refuse: Refuse): void {
  if (b === undefined) return;
  dtypeOf(b, 'b', [x.dtype], refuse);
  rankOf({ of: 'b', shape: b.shape }, 1, refuse);
  sameDimension(channels, b.shape[0]!, { of: 'b', axis: 0 }, refuse);
}

/** The spatial sizes, [axis 2, ...]. */
export function fixedSizes({ shape }: Value, of: string, refuse: Refuse): number[] {
  return shape.slice(2).map((size, i) => fixedSize(size, of, i + 2, refuse));
}

/** How many windows fit along each spatial axis. */
function slid(
  x: Value,
  kernel: readonly number[],
  { strides, pads, dilations }: WindowAttributes,
  spatial: number,
  refuse: Refuse,
): number[] {
  return fixedSizes(x, 'x', refuse).map((size, i) => {
    const padded = size + pads[i]! + pads[i + spatial]!;
    const reach = dilations[i]! * (kernel[i]! - 1) + 1;
    if (padded < reach) {
      throw refuse({ of: 'x', axis: i + 2, expected: `at least ${reach} with padding`, got: `${padded}` });
    }
    return Math.floor((padded - reach) / strides[i]!) + 1;
  });
}
