import { apply, ints } from '../graph/graph.builder.ts';
import type { Value } from '../graph/graph.value.ts';
import { mul } from '../functions/arithmetic.ts';
import { concat, pad, reshape, transpose } from '../functions/layout.ts';
import { product } from '../operators/dimension.algebra.ts';
import { channelsLast, notPlanar } from './blocked.layout.ts';
import type { Form } from './form.ts';
import { sumOfRows } from './reduction.forms.ts';

/**
 * Depthwise: for each element of the kernel, the part of x that it met, times dy, summed by a product with ones. Channels last, so that
 * parts and products are of long rows; a standard Conv does each channel of each row apart.
 */
export const depthwiseWeightGradientByElements: Form<'ConvWeightGradient'> = {
  name: 'a sum for each element of the kernel, channels last',
  unfit: ({ operands: [x, dy], attributes: { group, kernel_shape } }) => {
    const channels = x.shape[1]!;
    const elements = kernel_shape.reduce((size, each) => size * each, 1);
    return (
      notPlanar(x) ??
      (group === channels && dy.shape[1] === channels ? null : `${group} groups of ${channels} channels`) ??
      (elements <= 49 ? null : `a kernel of ${elements} elements, more than 49`)
    );
  },
  build: ({ operands: [x, dy], attributes: { kernel_shape, strides, pads, dilations } }) => {
    const [rows, channels] = x.shape;
    const [high, wide] = dy.shape.slice(2).map(Number) as [number, number];
    const [kernelHeight, kernelWidth] = kernel_shape as readonly [number, number];
    const padded = pad(channelsLast(x), [
      [0, 0],
      [pads[0]!, pads[2]!],
      [pads[1]!, pads[3]!],
      [0, 0],
    ]);
    const slopes = channelsLast(dy);
    const met = (row: number, column: number): Value => {
      const [top, left] = [row * dilations[0]!, column * dilations[1]!];
      const [bottom, right] = [top + (high - 1) * strides[0]! + 1, left + (wide - 1) * strides[1]! + 1];
      return apply('Slice', [padded, ints(top, left), ints(bottom, right), ints(1, 2), ints(...strides)]);
    };
    const sums = Array.from({ length: kernelHeight * kernelWidth }, (_, i) => {
      const products = mul(met(Math.floor(i / kernelWidth), i % kernelWidth), slopes);
      return reshape(sumOfRows(reshape(products, [product([rows!, high * wide]), channels!])), [1, channels!]);
    });
    return reshape(transpose(concat(sums, 0), [1, 0]), [channels!, 1, ...kernel_shape]);
  },
};
