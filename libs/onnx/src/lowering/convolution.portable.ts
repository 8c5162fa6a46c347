import { apply, ints, scalar } from '../graph/graph.builder.ts';
import type { Value } from '../graph/graph.value.ts';
import type { RealType } from '../graph/tensor.ts';
import { product, quotient } from '../operators/dimension.algebra.ts';
import type { Attributes, Operands } from '../operators/operator.signatures.ts';
import { elementCount, reshape, sizes as sizesOf, transpose } from '../functions/layout.ts';

/**
 * One Conv in which batch and channels change places: x as [C / group, group n, ...] is convolved with dy as [M, n, ...]; what was
 * the stride is the dilation and the other way round. Columns that the stride left over are cut off.
 */
export function convWeightGradient(
  [x, dy]: Operands<'ConvWeightGradient'>,
  { kernel_shape, strides, pads, dilations, group }: Attributes<'ConvWeightGradient'>,
): Value {
  const spatial = kernel_shape.map((_, i) => i + 2);
  const swapped = [1, 0, ...spatial];
  const inputs = group === 1 ? transpose(x, swapped) : channelsFirst(x, group);
  const whole = apply('Conv', [inputs, transpose(dy, swapped)], {
    strides: dilations,
    dilations: strides,
    pads,
    group,
  });
  const cut = apply('Slice', [whole, ints(...spatial.map(() => 0)), ints(...kernel_shape), ints(...spatial)]);
  return transpose(cut, swapped);
}

/** [n, group c, ...] -> [c, group n, ...] */
function channelsFirst(x: Value, group: number): Value {
  const [rows, channels, ...sizes] = x.shape;
  const each = quotient([channels!], [group])!;
  const grouped = reshape(x, [rows!, group, each, ...sizes]);
  const moved = transpose(grouped, [2, 1, 0, ...sizes.map((_, i) => i + 3)]);
  return reshape(moved, [each, product([group, rows!]), ...sizes]);
}

/** ConvTranspose, padded at the end by the rows that the stride left over. */
export function convInputGradient(
  [dy, w]: Operands<'ConvInputGradient'>,
  { sizes, strides, pads, dilations, group }: Attributes<'ConvInputGradient'>,
): Value {
  const output_padding = sizes.map((size, i) => {
    const reach = dilations[i]! * (Number(w.shape[i + 2]) - 1) + 1;
    return (size + pads[i]! + pads[i + sizes.length]! - reach) % strides[i]!;
  });
  return apply('ConvTranspose', [dy, w], { strides, pads, dilations, group, output_padding });
}

/** dy added to zeros at the places where the largest elements stood. */
export function maxPoolGradient(
  [x, dy]: Operands<'MaxPoolGradient'>,
  attributes: Attributes<'MaxPoolGradient'>,
): Value {
  const places = apply('MaxPoolIndices', [x], attributes);
  const zeros = apply('Expand', [scalar(x.dtype as RealType, 0), elementCount(x)]);
  const flat = (value: Value) => reshape(value, [product(value.shape)]);
  const sum = apply('ScatterElements', [zeros, flat(places), flat(dy)], { axis: 0, reduction: 'add' });
  return apply('Reshape', [sum, sizesOf(x.shape, [x])]);
}
