import type { Value } from '../graph/graph.value.ts';
import type { ElementwiseSignatures } from './elementwise.signatures.ts';
import type { OperatorRule, Rules } from './operator.rule.ts';
import type { Refuse } from '../graph/refusal.ts';
import { broadcast, dtypeOf, rankOf } from './shape.algebra.ts';
import type { ElementType, TensorType } from '../graph/tensor.ts';

const reals = ['float32', 'float64'] as const;
const numbers = [...reals, 'int32', 'int64'] as const;
const all = [...numbers, 'bool', 'string'] as const;

const unary = (dtypes: readonly ElementType[], result?: ElementType) =>
  ({
    domain: '',
    operands: ['x'],
    dtypes,
    attributes: {},
    infer: ([{ dtype, shape }]: readonly [Value]) => ({ dtype: result ?? dtype, shape }),
  }) as const;

const binary = (dtypes: readonly ElementType[], result?: ElementType) =>
  ({
    domain: '',
    operands: ['A', 'B'],
    dtypes,
    attributes: {},
    infer: (operands: readonly [Value, Value], _: object, refuse: Refuse) => {
      const { dtype, shape } = together(operands, ['A', 'B'], refuse);
      return { dtype: result ?? dtype, shape };
    },
  }) as const;

const variadic = {
  domain: '',
  operands: ['data'],
  dtypes: numbers,
  attributes: {},
  infer: (operands: readonly Value[], _: object, refuse: Refuse) =>
    together(
      operands,
      operands.map((_, i) => `data[${i}]`),
      refuse,
    ),
} as const;

const where: OperatorRule<'Where'> = {
  domain: '',
  operands: ['condition', 'x', 'y'],
  dtypes: [...numbers, 'string'],
  subject: 1,
  attributes: {},
  infer: ([condition, x, y], _, refuse) => {
    dtypeOf(condition, 'condition', ['bool'], refuse);
    const { dtype } = together([x, y], ['x', 'y'], refuse);
    const operands = Object.entries({ condition, x, y }).map(([of, { shape }]) => ({ of, shape }));
    return { dtype, shape: broadcast(operands, refuse) };
  },
};

const clip: OperatorRule<'Clip'> = {
  domain: '',
  operands: ['x', 'least', 'most'],
  dtypes: numbers,
  attributes: {},
  infer: ([x, least, most], _, refuse) => {
    for (const [of, bound] of Object.entries({ least, most })) {
      if (bound === undefined) continue;
      dtypeOf(bound, of, [x.dtype], refuse);
      rankOf({ of, shape: bound.shape }, 0, refuse);
    }
    return { dtype: x.dtype, shape: x.shape };
  },
};

const cast: OperatorRule<'Cast'> = {
  domain: '',
  operands: ['x'],
  dtypes: all,
  attributes: { to: 'dtype' },
  infer: ([{ shape }], { to }) => ({ dtype: to, shape }),
};

const labelEncoder: OperatorRule<'LabelEncoder'> = {
  domain: 'ai.onnx.ml',
  operands: ['x'],
  dtypes: ['string'],
  attributes: {
    keys_strings: 'strings',
    values_int64s: 'ints',
    values_floats: 'floats',
    default_int64: 'int',
    default_float: 'float',
  },
  infer: ([{ shape }], attributes, refuse) => {
    const whole = 'values_int64s' in attributes;
    const { length } = whole ? attributes.values_int64s : attributes.values_floats;
    const keys = attributes.keys_strings;
    if (length !== keys.length) {
      const of = whole ? 'values_int64s' : 'values_floats';
      throw refuse({ of, expected: `${keys.length} values, one for each key`, got: `${length}` });
    }
    if (new Set(keys).size !== keys.length) {
      throw refuse({
        of: 'keys_strings',
        expected: 'no key twice',
        got: `${keys.find((k, i) => keys.indexOf(k) !== i)}`,
      });
    }
    return { dtype: whole ? 'int64' : 'float32', shape };
  },
};

const leakyRelu: OperatorRule<'LeakyRelu'> = {
  ...unary(['float32']),
  attributes: { alpha: 'float' },
};

/** Operators that give one element for each element of the (broadcast) operands. */
export const elementwiseRules: Rules<keyof ElementwiseSignatures> = {
  Add: binary(numbers),
  Sub: binary(numbers),
  Mul: binary(numbers),
  Div: binary(numbers),
  Pow: binary(numbers),
  Max: variadic,
  Min: variadic,
  Equal: binary(all, 'bool'),
  Less: binary(numbers, 'bool'),
  LessOrEqual: binary(numbers, 'bool'),
  Greater: binary(numbers, 'bool'),
  GreaterOrEqual: binary(numbers, 'bool'),
  And: binary(['bool'], 'bool'),
  Or: binary(['bool'], 'bool'),
  Not: unary(['bool']),
  BitwiseAnd: binary(['int32', 'int64']),
  BitwiseXor: binary(['int32', 'int64']),
  Neg: unary(numbers),
  Abs: unary(numbers),
  Sign: unary(numbers),
  Floor: unary(reals),
  IsNaN: unary(reals, 'bool'),
  Exp: unary(reals),
  Log: unary(reals),
  Sqrt: unary(reals),
  Sin: unary(reals),
  Cos: unary(reals),
  Erf: unary(['float32']),
  Sigmoid: unary(reals),
  Tanh: unary(reals),
  Relu: unary([...reals, 'int32']),
  LeakyRelu: leakyRelu,
  Softplus: unary(['float32']),
  Gelu: unary(['float32']),
  Where: where,
  Clip: clip,
  Cast: cast,
  LabelEncoder: labelEncoder,
};

/** Broadcast operands of one dtype: that of the first. */
function together(operands: readonly Value[], names: readonly string[], refuse: Refuse): TensorType {
  const { dtype } = operands[0]!;
  operands.forEach((operand, i) => dtypeOf(operand, names[i]!, [dtype], refuse));
  const named = operands.map(({ shape }, i) => ({ of: names[i]!, shape }));
  return { dtype, shape: broadcast(named, refuse) };
}
