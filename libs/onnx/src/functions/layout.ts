import { apply, constant, ints } from '../graph/graph.builder.ts';
import type { Value } from '../graph/graph.value.ts';
import { onnxError } from '../onnx.errors.ts';
import { formatShape, int64, type Dimension, type Shape } from '../graph/tensor.ts';

/** x in another shape of as many elements; a symbol stands for the same size as in x, or for what is left over. */
export function reshape(x: Value, shape: Shape): Value {
  if (shape.includes(0)) return apply('Reshape', [x, sizes(shape, [x])], { allowzero: true });
  const open = shape.filter((size) => typeof size === 'string').length;
  if (open <= 1) return apply('Reshape', [x, ints(...shape.map((size) => (typeof size === 'number' ? size : -1)))]);
  const known = shape.map((size) => (typeof size === 'number' || x.shape.includes(size) ? size : -1));
  return apply('Reshape', [x, sizes(known, [x])], { allowzero: !known.includes(-1) });
}

/** [a, b, c] -> [a, b c] by default: all axes from `from` on made one. */
export function flatten(x: Value, from = 1): Value {
  const rows = x.shape.slice(0, from);
  return apply('Reshape', [x, ints(...rows.map(() => 0), -1)]);
}

/** Axes in another order; without one, reversed. */
export function transpose(
  x: Value,
  perm: readonly number[] = x.shape.map((_, axis) => x.shape.length - 1 - axis),
): Value {
  if (perm.every((axis, i) => axis === i) && perm.length === x.shape.length) return x;
  return apply('Transpose', [x], { perm });
}

/** The elements from `start` to before `end` along one axis; negative bounds count from its end. */
export function slice(x: Value, axis: number, start: number, end: number, step = 1): Value {
  return apply('Slice', [x, ints(start), ints(end), ints(axis), ints(step)]);
}

export function concat(values: readonly Value[], axis: number): Value {
  const [first, ...rest] = values;
  return apply('Concat', [first!, ...rest], { axis });
}

/** Values of one shape side by side along a new axis. */
export function stack(values: readonly Value[], axis: number): Value {
  return concat(
    values.map((value) => unsqueeze(value, axis)),
    axis,
  );
}

/** New axes of size 1 at these places of the result. */
export function unsqueeze(x: Value, ...axes: readonly number[]): Value {
  return apply('Unsqueeze', [x, ints(...axes)]);
}

/** Without these axes of size 1. */
export function squeeze(x: Value, ...axes: readonly number[]): Value {
  return apply('Squeeze', [x, ints(...axes)]);
}

/** Zeros (or `value`) around x: [before, after] for each axis. */
export function pad(x: Value, widths: readonly (readonly [before: number, after: number])[]): Value {
  return apply('Pad', [x, ints(...widths.map(([before]) => before), ...widths.map(([, after]) => after))]);
}

/** x stretched to a shape; symbols are looked up in `like` and x. */
export function expand(x: Value, shape: Shape, ...like: readonly Value[]): Value {
  return apply('Expand', [x, sizes(shape, [...like, x])]);
}

/** The slices of x along an axis at `indices`: [V, d], [n, t] -> [n, t, d]. */
export function gather(x: Value, indices: Value, axis = 0): Value {
  return apply('Gather', [x, indices], { axis });
}

/** For each element of `indices`, the element of x at the same place but for `axis`, where the index says. */
export function gatherElements(x: Value, indices: Value, axis: number): Value {
  return apply('GatherElements', [x, indices], { axis });
}

/** x with `updates` added at the places that `gatherElements` would read; places that are named twice get both. */
export function scatterAdd(x: Value, indices: Value, updates: Value, axis: number): Value {
  return apply('ScatterElements', [x, indices, updates], { axis, reduction: 'add' });
}

/** A shape as int64 values; symbols are read off the axes of `sources` that have them. */
export function sizes(shape: Shape, sources: readonly Value[]): Value {
  if (shape.every((size) => typeof size === 'number')) return ints(...shape);
  const whole = sources.find((source) => same(source.shape, shape));
  if (whole) return apply('Shape', [whole], {});
  const parts = shape.map((size) => (typeof size === 'number' ? ints(size) : sizeOfSymbol(size, shape, sources)));
  return concat(parts, 0);
}

/** How many elements x has, an int64 vector of one. */
export function elementCount(x: Value): Value {
  return apply('Reshape', [apply('Size', [x]), constant(int64([1]))]);
}

function sizeOfSymbol(symbol: string, shape: Shape, sources: readonly Value[]): Value {
  for (const source of sources) {
    const axis = source.shape.indexOf(symbol);
    if (axis >= 0) return apply('Shape', [source], { start: axis, end: axis + 1 });
  }
  throw onnxError('INVALID_GRAPH', `Shape ${formatShape(shape)}: expected an axis of size "${symbol}", got none`, {
    symbol,
  });
}

function same(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size: Dimension, axis) => size === b[axis]);
}
