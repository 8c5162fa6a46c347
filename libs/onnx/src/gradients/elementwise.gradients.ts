import type { Value } from '../graph/graph.value.ts';
import { apply } from '../graph/graph.builder.ts';
import {
  add,
  cast,
  cos,
  div,
  equal,
  exp,
  greater,
  greaterOrEqual,
  lessOrEqual,
  log,
  mul,
  neg,
  not,
  pow,
  sin,
  square,
  sub,
} from '../functions/arithmetic.ts';
import { sigmoid } from '../functions/activation.ts';
import type { ElementwiseSignatures } from '../operators/elementwise.signatures.ts';
import { indicator } from './broadcast.sum.ts';
import { choice, type Applied, type GradientRules } from './gradient.rule.ts';

const comparison = 'a comparison has no slope';
const logic = 'truth has no slope';
const bits = 'bits have no slope';
const step = 'it is constant between its steps';

export const elementwiseGradients: GradientRules<keyof ElementwiseSignatures> = {
  Add: [(dy) => dy, (dy) => dy],
  Sub: [(dy) => dy, (dy) => neg(dy)],
  Mul: [(dy, { operands: [, b] }) => mul(dy, b), (dy, { operands: [a] }) => mul(dy, a)],
  Div: [(dy, { operands: [, b] }) => div(dy, b), (dy, { operands: [, b], result }) => neg(div(mul(dy, result), b))],
  Pow: [
    (dy, { operands: [x, y] }) => mul(dy, mul(y, pow(x, sub(y, 1)))),
    (dy, { operands: [x], result }) => mul(dy, mul(result, log(x))),
  ],
  Max: shared,
  Min: shared,
  Equal: comparison,
  Less: comparison,
  LessOrEqual: comparison,
  Greater: comparison,
  GreaterOrEqual: comparison,
  IsNaN: comparison,
  And: logic,
  Or: logic,
  Not: logic,
  BitwiseAnd: bits,
  BitwiseXor: bits,
  Sign: step,
  Floor: step,
  Neg: [(dy) => neg(dy)],
  Abs: [(dy, { operands: [x] }) => mul(dy, apply('Sign', [x]))],
  Exp: [(dy, { result }) => mul(dy, result)],
  Log: [(dy, { operands: [x] }) => div(dy, x)],
  Sqrt: [(dy, { result }) => div(dy, mul(2, result))],
  Sin: [(dy, { operands: [x] }) => mul(dy, cos(x))],
  Cos: [(dy, { operands: [x] }) => neg(mul(dy, sin(x)))],
  Erf: [(dy, { operands: [x] }) => mul(dy, mul(2 / Math.sqrt(Math.PI), exp(neg(square(x)))))],
  Sigmoid: [(dy, { result }) => mul(dy, mul(result, sub(1, result)))],
  Tanh: [(dy, { result }) => mul(dy, sub(1, square(result)))],
  Relu: [(dy, { result }) => apply('ReluGradient', [result, dy])],
  LeakyRelu: [
    (dy, { operands: [x], attributes: { alpha } }) => mul(dy, add(alpha, mul(1 - alpha, indicator(greater(x, 0), x)))),
  ],
  Softplus: [(dy, { operands: [x] }) => mul(dy, sigmoid(x))],
  Gelu: [(dy, { operands: [x] }) => mul(dy, add(normalDistribution(x), mul(x, normalDensity(x))))],
  Where: [
    choice,
    (dy, { operands: [condition] }) => mul(dy, indicator(condition, dy)),
    (dy, { operands: [condition] }) => mul(dy, indicator(not(condition), dy)),
  ],
  Clip: [
    (dy, { operands: [x, least, most] }) =>
      [
        ...(least ? [indicator(greaterOrEqual(x, least), x)] : []),
        ...(most ? [indicator(lessOrEqual(x, most), x)] : []),
      ].reduce<Value>((kept, inside) => mul(kept, inside), dy),
    'bounds are given',
    'bounds are given',
  ],
  Cast: [(dy, { operands: [x] }) => cast(dy, x.dtype)],
  LabelEncoder: 'text has no slope',
};

/** The largest (or smallest) of several: those that are equal to it share its gradient. */
function shared(dy: Value, { operands, result }: Applied<'Max' | 'Min'>, position: number): Value {
  const [own, ...others] = [position, ...operands.keys()].map((i) => indicator(equal(operands[i]!, result), dy));
  const count = others.reduce((total, each) => add(total, each));
  return div(mul(dy, own!), count);
}

/** The normal distribution's share below x. */
function normalDistribution(x: Value): Value {
  return mul(0.5, add(1, apply('Erf', [mul(x, Math.SQRT1_2)])));
}

function normalDensity(x: Value): Value {
  return mul(1 / Math.sqrt(2 * Math.PI), exp(mul(-0.5, square(x))));
}
