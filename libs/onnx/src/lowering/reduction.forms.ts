import { apply, constant, scalar } from '../graph/graph.builder.ts';
import type { Value } from '../graph/graph.value.ts';
import { filled, isReal, type RealType, type Shape } from '../graph/tensor.ts';
import { product } from '../operators/dimension.algebra.ts';
import { axisOf, constantInts } from '../operators/shape.algebra.ts';
import { refusalOf } from '../graph/refusal.ts';
import { expand, reshape } from '../functions/layout.ts';
import { matmul } from '../functions/matrix.ts';
import { sum } from '../functions/reduction.ts';
import { blockedOf } from './blocked.layout.ts';
import type { Form, Site } from './form.ts';

/** [n, d] -> [d], times a factor, by a product with a row of it: a sum over the first axis otherwise runs down columns. */
export function sumOfRows(x: Value, factor = 1): Value {
  const [rows, width] = x.shape;
  return reshape(matmul(expand(scalar(x.dtype as RealType, factor), [1, rows!], x), x), [width!]);
}

export const sumByOnes: Form<'ReduceSum'> = {
  name: 'product with a row of ones',
  unfit: (site) => {
    const axes = reducedAxes(site);
    const { shape } = site.operands[0];
    return axes.length === 1 && axes[0] === 0 && shape.length === 2 ? null : 'not the first of two axes';
  },
  build: ({ operands: [x], attributes: { keepdims = true } }) => {
    const summed = sumOfRows(x);
    return keepdims ? reshape(summed, [1, x.shape[1]!]) : summed;
  },
};

/** All axes but channels, in blocks: the mean of each plane, then the batch. */
export const blockedSumOfChannels: Form<'ReduceSum'> = {
  name: 'mean of planes in blocks, then the batch',
  unfit: (site) => (blockedOf(site.operands[0]) ? unlikeChannels(site) : 'what is summed is not blocked'),
  build: ({ operands: [x] }) => {
    const [rows, channels, height, width] = x.shape;
    const [high, wide] = [Number(height), Number(width)];
    const whole = { kernel_shape: [high, wide], strides: [1, 1], pads: [0, 0, 0, 0], dilations: [1, 1] };
    const means = apply('BlockedAveragePool', [blockedOf(x)!], whole);
    return sumOfRows(reshape(means, [rows!, channels!]), high * wide);
  },
};

/** All axes but channels: first those that stand last in memory, then the batch. */
export const sumOfChannels: Form<'ReduceSum'> = {
  name: 'last axes first, then the batch',
  unfit: unlikeChannels,
  build: ({ operands: [x] }) =>
    sumOfRows(
      sum(
        x,
        x.shape.map((_, axis) => axis).filter((axis) => axis > 1),
      ),
    ),
};

/** A column for each stretched element, by a product with ones: an Expand of the last axes goes element by element. */
export const expandByOnes: Form<'Expand'> = {
  name: 'product with a row of ones',
  unfit: (site) => (stretchedTail(site) === null ? 'not the last axes alone, by known sizes' : null),
  build: (site) => {
    const { lead, tail } = stretchedTail(site)!;
    const width = tail.reduce<number>((size, each) => size * Number(each), 1);
    const ones = constant(filled(site.result.dtype as RealType, [1, width], 1));
    return reshape(matmul(reshape(site.operands[0], [product(lead), 1]), ones), site.result.shape);
  },
};

/** The axes that stay and those that are stretched from 1, when these are the last ones. */
function stretchedTail({
  operands: [x],
  result: { dtype, shape },
}: Site<'Expand'>): { lead: Shape; tail: Shape } | null {
  if (!isReal(dtype) || x.shape.length !== shape.length) return null;
  const first = shape.findIndex((size, axis) => size !== x.shape[axis]);
  const [lead, tail] = [shape.slice(0, first), shape.slice(first)];
  const stretches = first > 0 && tail.every((size, i) => typeof size === 'number' && x.shape[first + i] === 1);
  return stretches ? { lead, tail } : null;
}

function unlikeChannels(site: Site<'ReduceSum'>): string | null {
  const { shape } = site.operands[0];
  const others = shape.map((_, axis) => axis).filter((axis) => axis !== 1);
  if (site.attributes.keepdims ?? true) return 'axes are kept';
  return shape.length > 2 && reducedAxes(site).join() === others.join() ? null : 'not all axes but the second';
}

function reducedAxes({ operands: [x, axes] }: Site<'ReduceSum'>): number[] {
  const refuse = refusalOf('ReduceSum');
  return constantInts(axes, 'axes', refuse)
    .map((axis) => axisOf(axis, x.shape.length, refuse))
    .sort((a, b) => a - b);
}
