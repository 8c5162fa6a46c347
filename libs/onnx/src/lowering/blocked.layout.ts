import { apply, constant } from '../graph/graph.builder.ts';
import type { Value } from '../graph/graph.value.ts';
import { product } from '../operators/dimension.algebra.ts';
import type { Attributes } from '../operators/operator.signatures.ts';
import { float32, formatShape } from '../graph/tensor.ts';
import { reshape, transpose } from '../functions/layout.ts';
import { matmul } from '../functions/matrix.ts';

/** x in blocked layout; what was blocked before is that again, so that neighbours that compute in blocks do not reorder. */
export function toBlocked(x: Value): Value {
  return blockedOf(x) ?? apply('ReorderInput', [x], { channels_last: false });
}

/** The blocked value that x was reordered from, all of it; null when there is none. */
export function blockedOf({ origin }: Value): Value | null {
  if (origin.kind !== 'operator' || origin.application.operator !== 'ReorderOutput') return null;
  const [blocked] = origin.application.operands;
  const { channels, channels_last } = origin.application.attributes as Attributes<'ReorderOutput'>;
  return !channels_last && blocked!.shape[1] === channels ? blocked! : null;
}

/** [n, C, h, w] */
export function fromBlocked(blocked: Value): Value {
  return apply('ReorderOutput', [blocked], { channels: Number(blocked.shape[1]), channels_last: false });
}

/** [n, C, h, w] -> [n, h, w, C] */
export function channelsLast(x: Value): Value {
  const blocked = blockedOf(x);
  if (blocked === null) return transpose(x, [0, 2, 3, 1]);
  return apply('ReorderOutput', [blocked], { channels: Number(x.shape[1]), channels_last: true });
}

/**
 * `each` applied to values of one shape, in blocked layout as soon as one of them comes from there: what is computed element by
 * element does not ask for the order of elements.
 */
export function elementwise(values: readonly Value[], each: (...values: Value[]) => Value): Value {
  if (!values.some((value) => blockedOf(value))) return each(...values);
  return fromBlocked(each(...values.map(toBlocked)));
}

/** What a blocked tensor [n, C, h, w] holds: [n C / block, h, w, block]. */
export function planesOf(blocked: Value, block: number): Value {
  const [rows, channels, height, width] = blocked.shape;
  return reshape(blocked, [product([rows!, Number(channels) / block]), height!, width!, block]);
}

/**
 * Blocks [rows, block] -> [rows, factors x block]: each block times each factor, side by side. A product with a matrix that is mostly
 * zeros, since Concat and Pad take one thread; exact for numbers that are finite.
 */
export function besides(blocks: Value, factors: readonly number[]): Value {
  const block = Number(blocks.shape[1]);
  const width = factors.length * block;
  const matrix = new Float32Array(block * width);
  factors.forEach((factor, at) => {
    for (let i = 0; i < block; i++) matrix[i * width + at * block + i] = factor;
  });
  return matmul(blocks, constant(float32(matrix, [block, width])));
}

/** [M, C, kh, kw] as kernels of blocked convolutions want it: [M / block, C / block, kh, kw, block of C, block of M]. */
export function blockedWeights(w: Value, block: number): Value {
  const [outputs, inputs, ...kernel] = w.shape.map(Number);
  const blocks = reshape(w, [outputs! / block, block, inputs! / block, block, ...kernel]);
  return reshape(transpose(blocks, [0, 2, 4, 5, 3, 1]), w.shape);
}

/** The same where x is not blocked, or for depthwise kernels: [M / block, C, kh, kw, block of M]. */
export function outputBlockedWeights(w: Value, block: number): Value {
  const [outputs, ...rest] = w.shape.map(Number);
  const blocks = reshape(w, [outputs! / block, block, ...rest]);
  return reshape(transpose(blocks, [0, 2, 3, 4, 1]), w.shape);
}

/** Why channels do not fill blocks; null when they do. */
export function unblockable(of: string, channels: Value['shape'][number], block: number): string | null {
  if (block === 0) return 'no kernels for blocked layout on this machine';
  if (typeof channels === 'number' && channels % block === 0) return null;
  return `${of} has ${channels} channels, no multiple of ${block}`;
}

/** Why a window is none of two spatial axes; null when it is. */
export function notPlanar({ shape }: Value): string | null {
  return shape.length === 4 ? null : `not of two spatial axes: ${formatShape(shape)}`;
}
