import { apply } from '../graph/graph.builder.ts';
import type { Value } from '../graph/graph.value.ts';
import { abs, add, exp, log, maximum, minimum, mul, neg } from './arithmetic.ts';

/** max(x, 0); its gradient at 0 is 0. */
export function relu(x: Value): Value {
  return apply('Relu', [x]);
}

/** x above 0, slope x below. */
export function leakyRelu(x: Value, slope = 0.01): Value {
  if (x.dtype === 'float32') return apply('LeakyRelu', [x], { alpha: slope });
  return add(apply('Relu', [x]), mul(slope, minimum(x, 0)));
}

/** x times the normal distribution function of x (Hendrycks and Gimpel 2016), float32. */
export function gelu(x: Value): Value {
  return apply('Gelu', [x]);
}

export function tanh(x: Value): Value {
  return apply('Tanh', [x]);
}

/** 1 / (1 + exp -x) */
export function sigmoid(x: Value): Value {
  return apply('Sigmoid', [x]);
}

/** x sigmoid(x), also called swish. */
export function silu(x: Value): Value {
  return mul(x, sigmoid(x));
}

/** ln(1 + exp x), without overflow. */
export function softplus(x: Value): Value {
  if (x.dtype === 'float32') return apply('Softplus', [x]);
  return add(maximum(x, 0), log(add(1, exp(neg(abs(x))))));
}

/** exp x over its sum along an axis. */
export function softmax(x: Value, axis = -1): Value {
  return apply('Softmax', [x], { axis });
}

/** ln softmax, without overflow. */
export function logSoftmax(x: Value, axis = -1): Value {
  return apply('LogSoftmax', [x], { axis });
}
