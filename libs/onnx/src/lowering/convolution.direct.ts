import { apply, constant, ints } from '../graph/graph.builder.ts';
import type { Value } from '../graph/graph.value.ts';
import { int64 } from '../graph/tensor.ts';
import { product } from '../operators/dimension.algebra.ts';
import type { Attributes } from '../operators/operator.signatures.ts';
import { gather, reshape, transpose } from '../functions/layout.ts';
import { channelsLast, notPlanar } from './blocked.layout.ts';
import type { Form, Site } from './form.ts';

/**
 * One Conv over x as [1, n, h, w C], channels last, whose kernels are dy: [M, n, ho, wo]. Where w moved by its stride, dy is dilated
 * by it: times C along the last axis, so that the result holds [1, M, kh, kw C].
 */
export const weightGradientOverRows: Form<'ConvWeightGradient'> = {
  name: 'one Conv over rows, dilated',
  unfit: ({ operands: [x], attributes: { group, dilations } }) => {
    if (group !== 1) return `${group} groups`;
    return notPlanar(x) ?? (dilations[1] === 1 ? null : `dilated by ${dilations[1]} along rows`);
  },
  build: ({ operands: [x, dy], attributes: { kernel_shape, strides, pads, dilations } }) => {
    const [rows, channels, height, width] = x.shape;
    const [C, outputs] = [Number(channels), dy.shape[1]!];
    const [kernelHeight, kernelWidth] = kernel_shape as readonly [number, number];
    const whole = apply('Conv', [rowsOf(x, [rows!, height!, width!, C]), transpose(dy, [1, 0, 2, 3])], {
      strides: [dilations[0]!, 1],
      dilations: [strides[0]!, strides[1]! * C],
      pads: [pads[0]!, pads[1]! * C, pads[2]!, pads[3]! * C],
      group: 1,
    });
    const [, , high, wide] = whole.shape;
    const exact = high === kernelHeight && wide === kernelWidth * C;
    const cut = exact ? whole : apply('Slice', [whole, ints(0, 0), ints(kernelHeight, kernelWidth * C), ints(2, 3)]);
    return transpose(reshape(cut, [outputs, kernelHeight, kernelWidth, C]), [0, 3, 1, 2]);
  },
};

/** [n, C, h, w] -> [1, n, h, w C] */
function rowsOf(
  x: Value,
  [rows, height, width, channels]: readonly [
    Value['shape'][number],
    Value['shape'][number],
    Value['shape'][number],
    number,
  ],
): Value {
  return reshape(channelsLast(x), [1, rows, height, product([width, channels])]);
}

/** Conv of dy with flipped weights, at stride 1. */
export const inputGradientByFlipping: Form<'ConvInputGradient'> = {
  name: 'Conv with flipped weights',
  unfit: (site) => notPlanar(site.operands[0]) ?? unitStride(site.attributes) ?? unpaddable(site),
  build: ({ operands: [dy, w], attributes }) =>
    apply('Conv', [dy, flipped(w, attributes.group)], mirrored(attributes, w)),
};

/** The weights of the transposed map: [M, C / group, ...] -> [C, M / group, ...], each kernel turned round. */
export function flipped(w: Value, group: number): Value {
  const [outputs, each, height, width] = w.shape.map(Number) as [number, number, number, number];
  const taps = height * width;
  const grouped = reshape(w, [group, outputs / group, each, taps]);
  const exchanged = reshape(transpose(grouped, [0, 2, 1, 3]), [group * each, outputs / group, taps]);
  const backwards = constant(int64(Array.from({ length: taps }, (_, i) => taps - 1 - i)));
  const turned = taps === 1 ? exchanged : gather(exchanged, backwards, 2);
  return reshape(turned, [group * each, outputs / group, height, width]);
}

/** How flipped weights move over dy (with zeros between its elements, so many as the stride left out). */
export function mirrored(
  { sizes, strides, pads, dilations, group }: Attributes<'ConvInputGradient'>,
  w: Value,
  spread: readonly number[] = sizes.map((size, i) => outputSize(size, i, { strides, pads, dilations }, w)),
) {
  const before = sizes.map((_, i) => dilations[i]! * (Number(w.shape[i + 2]) - 1) - pads[i]!);
  const after = sizes.map((size, i) => size - spread[i]! + dilations[i]! * (Number(w.shape[i + 2]) - 1) - before[i]!);
  return { strides: sizes.map(() => 1), pads: [...before, ...after], dilations, group };
}

function outputSize(
  size: number,
  axis: number,
  { strides, pads, dilations }: Pick<Attributes<'ConvInputGradient'>, 'strides' | 'pads' | 'dilations'>,
  w: Value,
): number {
  const reach = dilations[axis]! * (Number(w.shape[axis + 2]) - 1) + 1;
  return Math.floor((size + pads[axis]! + pads[axis + strides.length]! - reach) / strides[axis]!) + 1;
}

function unitStride({ strides }: Attributes<'ConvInputGradient'>): string | null {
  return strides.every((stride) => stride === 1) ? null : `stride ${strides.join(' x ')}`;
}

/** A convolution can add zeros around dy, but cut nothing off. */
export function unpaddable({
  operands: [dy, w],
  attributes,
}: Pick<Site<'ConvInputGradient'>, 'operands' | 'attributes'>) {
  const spread = dy.shape.slice(2).map((size, i) => Number(size) * attributes.strides[i]!);
  const { pads } = mirrored(attributes, w, spread);
  return pads.every((pad) => pad >= 0) ? null : 'padded by more than its kernel reaches';
}
