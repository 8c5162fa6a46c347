import type { Value } from '../graph/graph.value.ts';
import type { Misfit, Refuse } from '../graph/refusal.ts';
import { formatShape, type Dimension, type ElementType, type Shape } from '../graph/tensor.ts';

/** An operand under its name in the signature. */
export interface Named {
  readonly of: string;
  readonly shape: Shape;
}

/** The shape that all operands stretch to by the rule of ONNX (and NumPy): axes are matched from the last, 1 stretches. */
export function broadcast(operands: readonly Named[], refuse: Refuse): Shape {
  return operands.slice(1).reduce<Shape>((whole, operand) => stretch(whole, operand, refuse), operands[0]!.shape);
}

/** Like `broadcast`, but `target` itself may not grow. */
export function broadcastTo(target: Shape, operand: Named, refuse: Refuse): Shape {
  if (operand.shape.length > target.length) {
    throw refuse({
      of: operand.of,
      expected: `at most ${target.length} axes (of ${formatShape(target)})`,
      got: formatShape(operand.shape),
    });
  }
  operand.shape.forEach((got, axis) => {
    const expected = target[axis + target.length - operand.shape.length]!;
    if (got !== 1 && got !== expected) {
      throw refuse({ of: operand.of, axis, expected: `${expected} or 1`, got: `${got}` });
    }
  });
  return target;
}

function stretch(whole: Shape, { of, shape }: Named, refuse: Refuse): Shape {
  const rank = Math.max(whole.length, shape.length);
  return Array.from({ length: rank }, (_, i) => {
    const axis = i - (rank - shape.length);
    const left: Dimension = whole[i - (rank - whole.length)] ?? 1;
    const right: Dimension = shape[axis] ?? 1;
    if (right === 1 || left === right) return left;
    if (left === 1) return right;
    throw refuse({ of, axis, expected: `${left} or 1 (to go with ${formatShape(whole)})`, got: `${right}` });
  });
}

/** Throws unless both dimensions are the same number or the same symbol. */
export function sameDimension(
  expected: Dimension,
  got: Dimension,
  place: Omit<Misfit, 'expected' | 'got'>,
  refuse: Refuse,
) {
  if (expected !== got) throw refuse({ ...place, expected: `${expected}`, got: `${got}` });
}

/** `axis` counted from the front; -1 is the last of `rank` axes. */
export function axisOf(axis: number, rank: number, refuse: Refuse, of = 'axis'): number {
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank) {
    throw refuse({ of, expected: `a whole number in [${-rank}, ${rank - 1}]`, got: `${axis}` });
  }
  return axis < 0 ? axis + rank : axis;
}

/** Throws unless the operand has that many axes. */
export function rankOf(operand: Named, rank: number, refuse: Refuse): void {
  if (operand.shape.length !== rank) {
    throw refuse({ of: operand.of, expected: `${rank} axes`, got: formatShape(operand.shape) });
  }
}

export function dtypeOf(value: Value, of: string, allowed: readonly ElementType[], refuse: Refuse): void {
  if (!allowed.includes(value.dtype)) throw refuse({ of, expected: allowed.join(' or '), got: value.dtype });
}

/** The elements of an operand that inference must know: an int64 constant or parameter with at most one axis. */
export function constantInts(value: Value, of: string, refuse: Refuse): readonly number[] {
  const { origin } = value;
  if ((origin.kind !== 'constant' && origin.kind !== 'parameter') || origin.tensor.dtype !== 'int64') {
    const got = origin.kind === 'operator' ? `a result of ${origin.application.operator}` : origin.kind;
    throw refuse({ of, expected: 'an int64 constant', got: `${got} (${value.dtype})` });
  }
  if (value.shape.length > 1) {
    throw refuse({ of, expected: 'at most 1 axis', got: formatShape(value.shape) });
  }
  return Array.from(origin.tensor.data, Number);
}

/** A size as a number. Throws for one that is known only when the graph runs. */
export function fixedSize(size: Dimension, of: string, axis: number, refuse: Refuse): number {
  if (typeof size === 'string') throw refuse({ of, axis, expected: 'a size that is known beforehand', got: size });
  return size;
}

/** Axes counted from the front. Throws when one is named twice. */
export function distinctAxes(axes: readonly number[], rank: number, refuse: Refuse): ReadonlySet<number> {
  const distinct = new Set(axes.map((axis) => axisOf(axis, rank, refuse, 'axes')));
  if (distinct.size !== axes.length) throw refuse({ of: 'axes', expected: 'no axis twice', got: formatShape(axes) });
  return distinct;
}
