import type { Value } from '../graph/graph.value.ts';
import { scalar } from '../graph/graph.builder.ts';
import { onnxError } from '../onnx.errors.ts';
import { formatShape, type RealType } from '../graph/tensor.ts';
import { cast, stopGradient } from '../functions/arithmetic.ts';
import { expand, unsqueeze } from '../functions/layout.ts';
import { sum } from '../functions/reduction.ts';

/**
 * The one place where broadcasting is undone: `dy`, of the shape that `target` was stretched to, summed over the stretched axes.
 */
export function sumTo(dy: Value, target: Value): Value {
  const lead = dy.shape.length - target.shape.length;
  const stretched = dy.shape
    .map((_, axis) => axis)
    .filter((axis) => axis < lead || (target.shape[axis - lead] === 1 && dy.shape[axis] !== 1));
  const kept = stretched.filter((axis) => axis >= lead).map((axis) => axis - lead);
  const summed = sum(dy, stretched);
  const result = kept.length === 0 ? summed : unsqueeze(summed, ...kept);
  if (formatShape(result.shape) !== formatShape(target.shape)) {
    const [expected, got] = [formatShape(target.shape), formatShape(result.shape)];
    throw onnxError('INVALID_GRAPH', `Gradient: expected ${expected}, got ${got}`, { expected, got });
  }
  return result;
}

/** Zeros in the shape and dtype of `x`. */
export function zerosLike(x: Value): Value {
  return expand(scalar(x.dtype as RealType, 0), x.shape, x);
}

/** 1 where a condition holds, else 0, in the dtype of `x`. It chooses, so that no gradient flows through it. */
export function indicator(condition: Value, x: Value): Value {
  return stopGradient(cast(condition, x.dtype));
}
