import { apply, constant } from '../graph/graph.builder.ts';
import type { Value } from '../graph/graph.value.ts';
import { cast, equal, mul } from '../functions/arithmetic.ts';
import { float32 } from '../graph/tensor.ts';
import type { Attributes } from '../operators/operator.signatures.ts';
import { notPlanar } from './blocked.layout.ts';
import type { Form } from './form.ts';

/**
 * Windows side by side: an element gets the slope when it equals the largest of its window. Of several, the first alone: those that are
 * equal get a number that falls from the first place of a window to the last, and the largest of these is looked for once more.
 */
export const maxPoolGradientByRepeating: Form<'MaxPoolGradient'> = {
  name: 'comparison with the repeated largest',
  unfit: ({ operands: [x], attributes: { kernel_shape, strides, pads, dilations } }) => {
    if (x.dtype !== 'float32') return `no kernel for ${x.dtype}`;
    const planar = notPlanar(x);
    if (planar !== null) return planar;
    const plain =
      kernel_shape.join() === strides.join() &&
      pads.every((each) => each === 0) &&
      dilations.every((each) => each === 1) &&
      x.shape.slice(2).every((size, i) => Number(size) % kernel_shape[i]! === 0);
    return plain ? null : 'windows that overlap, leave gaps or reach over the edge';
  },
  build: ({ operands: [x, dy], attributes }) => {
    const repeat = (value: Value) => repeated(value, attributes);
    const largest = cast(equal(x, repeat(apply('MaxPool', [x], attributes))), 'float32');
    const ranked = mul(largest, ranksOf(x, attributes));
    const first = cast(equal(ranked, repeat(apply('MaxPool', [ranked], attributes))), 'float32');
    return mul(repeat(dy), first);
  },
};

function repeated(value: Value, { kernel_shape }: Attributes<'MaxPoolGradient'>): Value {
  const scales = constant(float32([1, 1, ...kernel_shape]));
  return apply('Resize', [value, undefined, scales], {
    mode: 'nearest',
    coordinate_transformation_mode: 'asymmetric',
    nearest_mode: 'floor',
  });
}

/** [1, 1, h, w]: in every window k, k - 1, ... 1. */
function ranksOf({ shape }: Value, { kernel_shape }: Attributes<'MaxPoolGradient'>): Value {
  const [height, width] = shape.slice(2).map(Number) as [number, number];
  const [high, wide] = kernel_shape as readonly [number, number];
  const ranks = Array.from({ length: height * width }, (_, i) => {
    const [row, column] = [Math.floor(i / width) % high, (i % width) % wide];
    return high * wide - row * wide - column;
  });
  return constant(float32(ranks, [1, 1, height, width]));
}
