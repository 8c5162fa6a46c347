import { apply, constant } from '../graph/graph.builder.ts';
import type { Value } from '../graph/graph.value.ts';
import { float32 } from '../graph/tensor.ts';
import { div, mul, sub } from '../functions/arithmetic.ts';
import { reshape } from '../functions/layout.ts';
import { product } from '../operators/dimension.algebra.ts';
import { besides, blockedOf, fromBlocked, notPlanar, planesOf, toBlocked } from './blocked.layout.ts';
import { step } from './activation.forms.ts';
import type { Form, Site } from './form.ts';

export const blockedMaxPool: Form<'MaxPool'> = {
  name: 'blocked MaxPool',
  unfit: ({ operands: [x] }) => (blockedOf(x) ? null : 'what it is of is not blocked'),
  build: ({ operands: [x], attributes }) => fromBlocked(apply('BlockedMaxPool', [blockedOf(x)!], attributes)),
};

/**
 * Windows side by side: the largest of each is repeated over its window, and what equals it gets the slope. Where several are equal
 * they share it, whereas the portable form gives all of it to the first.
 */
export const maxPoolGradientByRepeating: Form<'MaxPoolGradient'> = {
  name: 'comparison with the repeated largest',
  unfit: (site) => (site.operands[0].dtype === 'float32' ? unaligned(site) : `no kernel for ${site.operands[0].dtype}`),
  build: ({ operands: [x, dy], attributes }) => {
    const scales = constant(float32([1, 1, ...attributes.kernel_shape]));
    const repeated = (value: Value) =>
      apply('Resize', [value, undefined, scales], {
        mode: 'nearest',
        coordinate_transformation_mode: 'asymmetric',
        nearest_mode: 'floor',
      });
    const largest = step(sub(x, repeated(apply('MaxPool', [x], attributes))), 1);
    const share = apply('AveragePool', [largest], { ...attributes, count_include_pad: false });
    const size = attributes.kernel_shape.reduce((elements, each) => elements * each, 1);
    return mul(largest, repeated(div(dy, mul(share, size))));
  },
};

/** The same in blocks: a window's columns are repeated by a product, its rows by broadcasting over whole lines. */
export const blockedMaxPoolGradient: Form<'MaxPoolGradient'> = {
  name: 'blocked comparison with the repeated largest',
  unfit: (site) => (blockedOf(site.operands[0]) ? unaligned(site) : 'what was pooled is not blocked'),
  build: ({ operands: [x, dy], attributes, kernels: { block } }) => {
    const blocked = blockedOf(x)!;
    const [down, across] = attributes.kernel_shape as readonly [number, number];
    const pooled = apply('BlockedMaxPool', [blocked], attributes);
    const [planes, height, width] = planesOf(pooled, block).shape;
    const lines = product([planes!, height!]);
    const repeated = (value: Value, factor: number) => {
      const columns = besides(
        reshape(value, [product([lines, width!]), block]),
        Array.from({ length: across }, () => factor),
      );
      return reshape(columns, [lines, 1, Number(width) * across * block]);
    };
    const windows = [lines, down, Number(width) * across * block];
    const largest = step(sub(reshape(blocked, windows), repeated(pooled, 1)), 1);
    const share = apply('BlockedAveragePool', [reshape(largest, blocked.shape)], attributes);
    const slope = repeated(div(toBlocked(dy), share), 1 / (down * across));
    return fromBlocked(reshape(mul(largest, slope), blocked.shape));
  },
};

/** Why windows do not lie side by side and fill x; null when they do. */
function unaligned({ operands: [x], attributes }: Site<'MaxPoolGradient'>): string | null {
  const { kernel_shape, strides, pads, dilations } = attributes;
  const aligned =
    kernel_shape.join() === strides.join() &&
    pads.every((each) => each === 0) &&
    dilations.every((each) => each === 1) &&
    x.shape.slice(2).every((size, i) => Number(size) % kernel_shape[i]! === 0);
  return notPlanar(x) ?? (aligned ? null : 'windows that overlap, leave gaps or do not fill what is pooled');
}
