import { apply, constant, scalar } from '../graph/graph.builder.ts';
import type { Value } from '../graph/graph.value.ts';
import { int32, int64, isReal, type ElementType } from '../graph/tensor.ts';

/** A value, or a number that takes the dtype of the values it meets. */
export type Operand = Value | number;

/** a + b + ..., broadcast. */
export function add(first: Operand, ...rest: readonly Operand[]): Value {
  return folded('Add', first, rest);
}

/** a - b, broadcast. */
export function sub(a: Operand, b: Operand): Value {
  return apply('Sub', pair(a, b));
}

/** a b ..., element by element, broadcast. */
export function mul(first: Operand, ...rest: readonly Operand[]): Value {
  return folded('Mul', first, rest);
}

/** a / b, broadcast. */
export function div(a: Operand, b: Operand): Value {
  return apply('Div', pair(a, b));
}

/** x to the power y. The gradient of y counts on x > 0. */
export function pow(x: Operand, y: Operand): Value {
  return apply('Pow', pair(x, y));
}

/** The larger of a and b; where they are equal, each has half of the gradient. */
export function maximum(a: Operand, b: Operand): Value {
  return apply('Max', pair(a, b));
}

/** The smaller of a and b; where they are equal, each has half of the gradient. */
export function minimum(a: Operand, b: Operand): Value {
  return apply('Min', pair(a, b));
}

export function neg(x: Value): Value {
  return apply('Neg', [x]);
}

export function square(x: Value): Value {
  return mul(x, x);
}

export function sqrt(x: Value): Value {
  return apply('Sqrt', [x]);
}

export function exp(x: Value): Value {
  return apply('Exp', [x]);
}

/** The natural logarithm. */
export function log(x: Value): Value {
  return apply('Log', [x]);
}

/** |x|; its gradient at 0 is 0. */
export function abs(x: Value): Value {
  return apply('Abs', [x]);
}

export function sin(x: Value): Value {
  return apply('Sin', [x]);
}

export function cos(x: Value): Value {
  return apply('Cos', [x]);
}

/** x kept in [least, most]; the gradient outside is 0, on the bounds 1. */
export function clip(x: Value, least: number, most: number): Value {
  return apply('Clip', [x, numberLike(x, least), numberLike(x, most)]);
}

/** x where the condition holds, else y; broadcast. */
export function where(condition: Value, x: Operand, y: Operand): Value {
  return apply('Where', [condition, ...pair(x, y)]);
}

export function equal(a: Operand, b: Operand): Value {
  return apply('Equal', pair(a, b));
}

export function less(a: Operand, b: Operand): Value {
  return apply('Less', pair(a, b));
}

export function lessOrEqual(a: Operand, b: Operand): Value {
  return apply('LessOrEqual', pair(a, b));
}

export function greater(a: Operand, b: Operand): Value {
  return apply('Greater', pair(a, b));
}

export function greaterOrEqual(a: Operand, b: Operand): Value {
  return apply('GreaterOrEqual', pair(a, b));
}

export function and(a: Value, b: Value): Value {
  return apply('And', [a, b]);
}

export function or(a: Value, b: Value): Value {
  return apply('Or', [a, b]);
}

export function not(x: Value): Value {
  return apply('Not', [x]);
}

/** x in another element type; x itself when it has that one. */
export function cast(x: Value, to: ElementType): Value {
  return x.dtype === to ? x : apply('Cast', [x], { to });
}

/** x, through which no gradient flows. */
export function stopGradient(x: Value): Value {
  return apply('StopGradient', [x]);
}

/** A constant number in the dtype of `x`. */
export function numberLike({ dtype }: Value, value: number): Value {
  if (isReal(dtype)) return scalar(dtype, value);
  return constant(dtype === 'int32' ? int32([value], []) : int64([value], []));
}

function pair(a: Operand, b: Operand): readonly [Value, Value] {
  if (typeof a === 'number')
    return typeof b === 'number' ? [scalar('float32', a), scalar('float32', b)] : [numberLike(b, a), b];
  return [a, typeof b === 'number' ? numberLike(a, b) : b];
}

function folded(operator: 'Add' | 'Mul', first: Operand, rest: readonly Operand[]): Value {
  return rest.reduce<Value>(
    (result, each) => apply(operator, pair(result, each)),
    typeof first === 'number'
      ? numberLike(rest.find((each) => typeof each !== 'number') ?? scalar('float32', 0), first)
      : first,
  );
}
