import { apply } from '../graph/graph.builder.ts';
import type { Value } from '../graph/graph.value.ts';
import { mul } from '../functions/arithmetic.ts';
import { blockedOf, elementwise } from './blocked.layout.ts';
import type { Form } from './form.ts';

/**
 * With `least` 0, 1 where x is above 0, else 0; with `least` 1, 1 where x is 0 or above: HardSigmoid so steep that it is a step.
 * Exact but for sizes of x below 1e-38, of which it gives a part of 1.
 */
export function step(x: Value, least: 0 | 1): Value {
  return apply('HardSigmoid', [x], { alpha: 1e38, beta: least });
}

export const reluGradientBySteps: Form<'ReluGradient'> = {
  name: 'steep HardSigmoid',
  unfit: ({ operands: [y] }) => (y.dtype === 'float32' ? null : `no kernel for ${y.dtype}`),
  build: ({ operands: [y, dy] }) => elementwise([y, dy], (left, right) => mul(right!, step(left!, 0))),
};

export const blockedRelu: Form<'Relu'> = {
  name: 'in blocks',
  unfit: ({ operands: [x] }) => (blockedOf(x) ? null : 'what it is of is not blocked'),
  build: ({ operands: [x] }) => elementwise([x], (each) => apply('Relu', [each!])),
};

/** A sum of values of one shape, where one of them is in blocks. */
export const blockedAdd: Form<'Add'> = {
  name: 'in blocks',
  unfit: ({ operands: [a, b] }) => {
    if (!blockedOf(a) && !blockedOf(b)) return 'no operand is blocked';
    return a.shape.join() === b.shape.join() ? null : 'operands of different shapes';
  },
  build: ({ operands: [a, b] }) => elementwise([a, b], (left, right) => apply('Add', [left!, right!])),
};
