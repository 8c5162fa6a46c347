import { apply, constant, ints } from '../graph/graph.builder.ts';
import type { Value } from '../graph/graph.value.ts';
import { float32 } from '../graph/tensor.ts';
import { mul } from '../functions/arithmetic.ts';
import { product } from '../operators/dimension.algebra.ts';
import { reshape } from '../functions/layout.ts';
import {
  besides,
  blockedOf,
  blockedWeights,
  fromBlocked,
  notPlanar,
  outputBlockedWeights,
  toBlocked,
  unblockable,
} from './blocked.layout.ts';
import { flipped, mirrored, unpaddable } from './convolution.direct.ts';
import type { Form, Site } from './form.ts';
import { sumOfRows } from './reduction.forms.ts';

type Dimension = Value['shape'][number];

/** Conv in blocked layout: dense, or depthwise without a multiplier. */
export const blockedConv: Form<'Conv'> = {
  name: 'blocked Conv',
  unfit: ({ operands: [x, w], attributes: { group }, kernels: { block } }) =>
    notPlanar(x) ?? unblockableConv(x.shape[1]!, w.shape[0]!, group, block),
  build: ({ operands: [x, w, b], attributes, kernels: { block } }) => {
    const few = attributes.group === 1 && Number(x.shape[1]) < block;
    const weights = few || attributes.group > 1 ? outputBlockedWeights(w, block) : blockedWeights(w, block);
    return fromBlocked(apply('BlockedConv', [few ? x : toBlocked(x), weights, b], attributes));
  },
};

/** Relu as part of the convolution before it. */
export const reluInConv: Form<'Relu'> = {
  name: 'in the blocked Conv before it',
  unfit: ({ operands: [x], sole }) => {
    if (convBefore(x) === null) return 'no blocked Conv before it';
    return sole ? null : 'what it is of is read elsewhere too';
  },
  build: ({ operands: [x] }) => {
    const { operands, attributes } = convBefore(x)!;
    return fromBlocked(apply('BlockedConv', operands, { ...attributes, activation: 'Relu' }));
  },
};

function convBefore(x: Value) {
  const origin = blockedOf(x)?.origin;
  if (origin?.kind !== 'operator' || origin.application.operator !== 'BlockedConv') return null;
  const { operands, attributes } = origin.application as unknown as Site<'BlockedConv'>;
  return attributes.activation === undefined ? { operands, attributes } : null;
}

/** Conv of dy with flipped weights in blocks; at a stride above 1 (depthwise alone) with zeros put between. */
export const blockedInputGradient: Form<'ConvInputGradient'> = {
  name: 'blocked Conv with flipped weights',
  unfit: (site) => {
    const { operands, attributes, kernels } = site;
    const [dy, w] = operands;
    const { group, strides } = attributes;
    const inputs = product([w.shape[1]!, group]);
    const strided = strides.some((stride) => stride !== 1);
    return (
      notPlanar(dy) ??
      unblockable('dy', dy.shape[1]!, kernels.block) ??
      unblockableConv(dy.shape[1]!, inputs, group, kernels.block) ??
      (strided && group === 1 ? `stride ${strides.join(' x ')}, and dense` : null) ??
      unpaddable(site)
    );
  },
  build: ({ operands: [dy, w], attributes, kernels: { block } }) => {
    const spread = spreadOut(toBlocked(dy), attributes.strides as readonly [number, number], block);
    const turned = flipped(w, attributes.group);
    const weights = attributes.group > 1 ? outputBlockedWeights(turned, block) : blockedWeights(turned, block);
    const window = mirrored(attributes, w, spread.shape.slice(2).map(Number));
    return fromBlocked(apply('BlockedConv', [spread, weights], window));
  },
};

/** Blocked [n, C, h, w] -> [n, C, s h, t w] with zeros after each row and each element. */
function spreadOut(blocked: Value, [down, across]: readonly [number, number], block: number): Value {
  if (down === 1 && across === 1) return blocked;
  const [rows, channels, height, width] = blocked.shape as readonly [Dimension, Dimension, number, number];
  const lines = product([rows, Number(channels) / block, height]);
  const columns = besides(
    reshape(blocked, [product([lines, width]), block]),
    Array.from({ length: across }, (_, at) => (at === 0 ? 1 : 0)),
  );
  // Zeros by broadcasting: Pad takes one thread.
  const first = constant(
    float32(
      Array.from({ length: down }, (_, at) => (at === 0 ? 1 : 0)),
      [1, down, 1],
    ),
  );
  const spread = mul(reshape(columns, [lines, 1, width * across * block]), first);
  return reshape(spread, [rows, channels, height * down, width * across]);
}

/**
 * Depthwise: every channel of every row of the batch is a channel of its own, [1, n C, h, w], which blocked layout holds as it is; dy
 * is the kernel, dilated by the stride. Then the sum over the batch.
 */
export const blockedDepthwiseWeightGradient: Form<'ConvWeightGradient'> = {
  name: 'blocked depthwise Conv with dy as its kernel',
  unfit: ({ operands: [x, dy], attributes: { group }, kernels: { block } }) => {
    const [rows, channels] = x.shape;
    return (
      notPlanar(x) ??
      unblockable('x', channels!, block) ??
      (group === channels && dy.shape[1] === channels ? null : `${group} groups of ${channels} channels`) ??
      (typeof rows === 'number' ? null : `the size ${rows} of the batch is open`)
    );
  },
  build: ({ operands: [x, dy], attributes: { kernel_shape, strides, pads, dilations } }) => {
    const [rows, channels, height, width] = x.shape.map(Number) as [number, number, number, number];
    const all = rows * channels;
    const kernel = reshape(toBlocked(dy), [all, 1, ...dy.shape.slice(2)]);
    const each = apply('BlockedConv', [reshape(toBlocked(x), [1, all, height, width]), kernel], {
      strides: dilations,
      dilations: strides,
      pads,
      group: all,
    });
    const [, , high, wide] = each.shape.map(Number) as [number, number, number, number];
    const summed = sumOfRows(reshape(each, [rows, channels * high * wide]));
    const whole = apply('ReorderOutput', [reshape(summed, [1, channels, high, wide])], {
      channels,
      channels_last: false,
    });
    const cut = apply('Slice', [whole, ints(0, 0), ints(...kernel_shape), ints(2, 3)]);
    return reshape(cut, [channels, 1, ...kernel_shape]);
  },
};

/** Why a convolution does not go in blocks; null when it does. */
function unblockableConv(inputs: Dimension, outputs: Dimension, group: number, block: number): string | null {
  const unfit = unblockable('its result', outputs, block);
  if (unfit !== null) return unfit;
  if (group > 1) return inputs === group && outputs === group ? null : `${group} groups of ${inputs} channels`;
  return Number(inputs) < block ? null : unblockable('x', inputs, block);
}
