import { apply } from '../graph/graph.builder.ts';
import type { Value } from '../graph/graph.value.ts';
import { product } from '../operators/dimension.algebra.ts';
import { concat, pad, reshape, slice, transpose } from '../functions/layout.ts';
import { matmul } from '../functions/matrix.ts';
import { blockedOf, channelsLast, notPlanar, unblockable } from './blocked.layout.ts';
import type { Form, Site } from './form.ts';
import { sumOfRows } from './reduction.forms.ts';

type Gradient = Site<'ConvWeightGradient'>;

/** Kernels of one element: a product for each row of the batch, then their sum. x is [n, C, h w], dy [n, M, h w]. */
export const weightGradientByProducts: Form<'ConvWeightGradient'> = {
  name: 'a product for each row of the batch',
  unfit: notPointwise,
  build: ({ operands: [x, dy], attributes: { kernel_shape } }) => {
    const [rows, channels, height, width] = x.shape;
    const [elements, outputs] = [Number(height) * Number(width), dy.shape[1]!];
    const columns = blockedOf(x)
      ? reshape(channelsLast(x), [rows!, elements, channels!])
      : transpose(reshape(x, [rows!, channels!, elements]), [0, 2, 1]);
    const products = matmul(reshape(dy, [rows!, outputs, elements]), columns);
    const summed = sumOfRows(reshape(products, [rows!, product([outputs, channels!])]));
    return reshape(summed, [outputs, channels!, ...kernel_shape]);
  },
};

/** The same in blocks. */
export const blockedWeightGradientByProducts: Form<'ConvWeightGradient'> = {
  name: 'a blocked Conv with dy as its kernels',
  unfit: (site) => notPointwise(site) ?? notKernels(site),
  build: ({ operands: [x, dy], attributes: { kernel_shape }, kernels: { block } }) => {
    const [rows, channels, height, width] = x.shape;
    const summed = summedProducts(reshape(x, [rows!, channels!, Number(height) * Number(width)]), dy, block);
    return reshape(transpose(summed, [0, 2, 1]), [dy.shape[1]!, channels!, ...kernel_shape]);
  },
};

/** Few channels, of which one block of columns is small: windows written out as columns once, and a product for each row of the batch. */
export const weightGradientByColumns: Form<'ConvWeightGradient'> = {
  name: 'products of columns written out',
  unfit: notFew,
  build: (site) => {
    const { operands, kernels } = site;
    const [x, dy] = operands;
    const [rows, outputs, high, wide] = dy.shape as readonly [Value['shape'][number], number, number, number];
    const columns = columnsOf(site);
    const [, size, elements] = columns.shape as readonly [unknown, number, number];
    const blocked = blockedOf(dy);
    const [groups, width] = blocked ? [outputs / kernels.block, kernels.block] : [1, outputs];
    const products = blocked
      ? matmul(reshape(columns, [rows, 1, size, elements]), reshape(blocked, [rows, groups, elements, width]))
      : matmul(columns, transpose(reshape(dy, [rows, outputs, high * wide]), [0, 2, 1]));
    const summed = sumOfRows(reshape(products, [rows, size * outputs]));
    return kernelsOf(site, reshape(summed, [groups, size, width]), x);
  },
};

/**
 * The sum over rows of columns [n, K, p] times dy [n, M, p], as [M / block, K, block]. What dy holds in blocks, [M / block, p, block] for
 * each row, is what a convolution in blocks wants as kernels [M, p, 1, 1] where p fills blocks: one with a group for each row.
 */
function summedProducts(columns: Value, dy: Value, block: number): Value {
  const [rows, size, elements] = columns.shape.map(Number) as [number, number, number];
  const outputs = Number(dy.shape[1]);
  const x = apply('ReorderInput', [reshape(columns, [rows, 1, size, elements])], { channels_last: true });
  const products = apply(
    'BlockedConv',
    [reshape(x, [1, rows * elements, 1, size]), reshape(blockedOf(dy)!, [rows * outputs, elements, 1, 1])],
    { strides: [1, 1], pads: [0, 0, 0, 0], dilations: [1, 1], group: rows },
  );
  return reshape(sumOfRows(reshape(products, [rows, outputs * size])), [outputs / block, size, block]);
}

/** x [n, C, h, w] as [n, kh kw C, p], p the elements of dy: what each element of the kernel met. */
function columnsOf({ operands: [x, dy], attributes: { kernel_shape, pads } }: Gradient): Value {
  const [rows, channels] = x.shape;
  const [, , high, wide] = dy.shape as readonly [unknown, unknown, number, number];
  const [kernelHeight, kernelWidth] = kernel_shape as readonly [number, number];
  const padded = pad(x, [
    [0, 0],
    [0, 0],
    [pads[0]!, pads[2]!],
    [pads[1]!, pads[3]!],
  ]);
  const taps = (value: Value, axis: number, count: number, size: number) =>
    concat(
      Array.from({ length: count }, (_, at) => slice(value, axis, at, at + size)),
      1,
    );
  const columns = taps(taps(padded, 3, kernelWidth, wide), 2, kernelHeight, high);
  return reshape(columns, [rows!, Number(channels) * kernelHeight * kernelWidth, high * wide]);
}

/** [groups, kh kw C, width] -> [groups width, C, kh, kw] */
function kernelsOf({ attributes: { kernel_shape } }: Gradient, summed: Value, x: Value): Value {
  const [groups, , width] = summed.shape.map(Number) as [number, number, number];
  const taps = reshape(summed, [groups, ...kernel_shape, Number(x.shape[1]), width]);
  return reshape(transpose(taps, [0, 4, 3, 1, 2]), [groups * width, x.shape[1]!, ...kernel_shape]);
}

function notPointwise({ operands: [x], attributes: { group, kernel_shape, strides, pads } }: Gradient): string | null {
  if (group !== 1) return `${group} groups`;
  const plain = [...kernel_shape, ...strides].every((each) => each === 1) && pads.every((each) => each === 0);
  return notPlanar(x) ?? (plain ? null : 'a window of more than one element');
}

function notFew({ operands: [x], attributes: { group, kernel_shape, strides, dilations } }: Gradient): string | null {
  if (group !== 1) return `${group} groups`;
  const size = kernel_shape.reduce((each, total) => each * total, Number(x.shape[1]));
  const plain = [...strides, ...dilations].every((each) => each === 1);
  return (
    notPlanar(x) ??
    (plain ? null : 'a stride or dilation') ??
    (size <= 64 ? null : `a window of ${size} elements, more than 64`)
  );
}

/** Why dy, as it stands in blocks, is not the kernels of a convolution; null when it is. */
function notKernels({ operands: [, dy], kernels: { block } }: Gradient): string | null {
  const [rows, , high, wide] = dy.shape;
  const elements = Number(high) * Number(wide);
  return (
    unblockable('dy', dy.shape[1]!, block) ??
    (blockedOf(dy) ? null : 'dy is not blocked') ??
    (elements % block === 0 ? null : `dy has ${elements} elements a channel, no multiple of ${block}`) ??
    (typeof rows === 'number' ? null : `the size ${rows} of the batch is open`)
  );
}
