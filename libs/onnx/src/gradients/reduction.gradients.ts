import { apply } from '../graph/graph.builder.ts';
import type { Value } from '../graph/graph.value.ts';
import { refusalOf } from '../graph/refusal.ts';
import { cast, div, equal, exp, mul, sub } from '../functions/arithmetic.ts';
import { expand, unsqueeze } from '../functions/layout.ts';
import { sum } from '../functions/reduction.ts';
import type { ReductionSignatures } from '../operators/reduction.signatures.ts';
import type { matrixRules } from '../operators/matrix.rules.ts';
import { quotient } from '../operators/dimension.algebra.ts';
import { axisOf, constantInts } from '../operators/shape.algebra.ts';
import { indicator } from './broadcast.sum.ts';
import { choice, type Applied, type GradientRules } from './gradient.rule.ts';

type Reducing = 'ReduceSum' | 'ReduceMean' | 'ReduceMax' | 'ReduceMin' | 'ReduceLogSumExp';

const place = 'a place has no slope';

export const reductionGradients: GradientRules<Exclude<keyof ReductionSignatures, keyof typeof matrixRules>> = {
  CumSum: [
    (dy, { operands: [, axis], attributes: { exclusive = false, reverse = false } }) =>
      apply('CumSum', [dy, axis], { exclusive, reverse: !reverse }),
    choice,
  ],
  ReduceSum: [(dy, applied) => spread(dy, applied), choice],
  ReduceMean: [(dy, applied) => spread(div(dy, reducedCount(applied)), applied), choice],
  ReduceMax: [extreme, choice],
  ReduceMin: [extreme, choice],
  ReduceLogSumExp: [
    (dy, applied) => mul(kept(dy, applied), exp(sub(applied.operands[0], kept(applied.result, applied)))),
    choice,
  ],
  Softmax: [
    (dy, { attributes: { axis }, result }) => mul(result, sub(dy, sum(mul(dy, result), axis, { keepdims: true }))),
  ],
  LogSoftmax: [(dy, { attributes: { axis }, result }) => sub(dy, mul(exp(result), sum(dy, axis, { keepdims: true })))],
  ArgMax: place,
  OneHot: place,
};

/** `value`, of the shape of the result, with the reduced axes of size 1. */
function kept(value: Value, { operands: [x, axes], attributes: { keepdims = true } }: Applied<Reducing>): Value {
  if (keepdims) return value;
  const refuse = refusalOf('Reduce');
  return unsqueeze(value, ...constantInts(axes, 'axes', refuse).map((axis) => axisOf(axis, x.shape.length, refuse)));
}

/** `value` in the shape of what was reduced. */
function spread(value: Value, applied: Applied<Reducing>): Value {
  const [x] = applied.operands;
  return expand(kept(value, applied), x.shape, x);
}

/** How many elements made one. */
function reducedCount({ operands: [x], result }: Applied<Reducing>): Value | number {
  const count = quotient(x.shape, result.shape);
  if (typeof count === 'number') return count;
  const [all, each] = [x, result].map((value) => cast(apply('Size', [value]), x.dtype));
  return div(all!, each!);
}

/** Elements that are equal to the extreme one share its gradient. */
function extreme(dy: Value, applied: Applied<Reducing>): Value {
  const {
    operands: [x, axes],
    result,
  } = applied;
  const chosen = indicator(equal(x, kept(result, applied)), x);
  const count = apply('ReduceSum', [chosen, axes], { keepdims: true });
  return mul(chosen, div(kept(dy, applied), count));
}
