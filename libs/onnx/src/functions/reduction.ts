import { apply, ints } from '../graph/graph.builder.ts';
import type { Value } from '../graph/graph.value.ts';
import { square, sub } from './arithmetic.ts';

/** One axis, several, or (left out) all; negative ones count from the last. */
export type Axes = number | readonly number[];

export interface ReductionOptions {
  /** Whether reduced axes stay, with size 1. */
  readonly keepdims?: boolean;
}

type Reduction = 'ReduceSum' | 'ReduceMean' | 'ReduceMax' | 'ReduceMin' | 'ReduceLogSumExp';

const reduction =
  (operator: Reduction) =>
  (x: Value, axes: Axes = x.shape.map((_, axis) => axis), { keepdims = false }: ReductionOptions = {}): Value => {
    const list = typeof axes === 'number' ? [axes] : axes;
    return list.length === 0 ? x : apply(operator, [x, ints(...list)], { keepdims });
  };

/** The sum over axes; over none x itself, over no elements 0. */
export const sum = reduction('ReduceSum');
/** The mean over axes; over no elements 0, as ONNX Runtime has it. */
export const mean = reduction('ReduceMean');
/** The largest over axes; equal ones share the gradient. */
export const max = reduction('ReduceMax');
/** The smallest over axes; equal ones share the gradient. */
export const min = reduction('ReduceMin');
/** ln of the sum of exp x over axes, without overflow. */
export const logSumExp = reduction('ReduceLogSumExp');

/** The mean square distance from the mean over axes. */
export function variance(x: Value, axes?: Axes, options?: ReductionOptions): Value {
  return mean(square(sub(x, mean(x, axes, { keepdims: true }))), axes, options);
}

/** The place of the (first) largest element along an axis, int64. */
export function argMax(x: Value, axis = -1): Value {
  return apply('ArgMax', [x], { axis, keepdims: false });
}
