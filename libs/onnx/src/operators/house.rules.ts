import type { Value } from '../graph/graph.value.ts';
import { convKinds, poolKinds, spatialRank } from './convolution.rules.ts';
import { product, quotient } from './dimension.algebra.ts';
import { sameShape } from './gather.rules.ts';
import { formatShape } from '../graph/tensor.ts';
import type { HouseSignatures } from './house.signatures.ts';
import type { OperatorRule, Rules } from './operator.rule.ts';
import { axisOf, dtypeOf } from './shape.algebra.ts';

const reals = ['float32', 'float64'] as const;
const all = [...reals, 'int32', 'int64', 'bool', 'string'] as const;

const stopGradient: OperatorRule<'StopGradient'> = {
  domain: 'haat',
  operands: ['x'],
  dtypes: all,
  attributes: {},
  infer: ([x]) => typeOf(x),
};

const carry: OperatorRule<'Carry'> = {
  domain: 'haat',
  operands: ['x', 'state', 'next'],
  dtypes: all,
  attributes: {},
  infer: ([x, state, next], _, refuse) => {
    if (state.origin.kind !== 'state') {
      throw refuse({ of: 'state', expected: 'a declared state', got: `a ${state.origin.kind}` });
    }
    dtypeOf(next, 'next', [state.dtype], refuse);
    sameShape(next, 'next', state.shape, refuse);
    return typeOf(x);
  },
};

const reluGradient: OperatorRule<'ReluGradient'> = {
  domain: 'haat',
  operands: ['y', 'dy'],
  dtypes: reals,
  attributes: {},
  infer: ([y, dy], _, refuse) => {
    dtypeOf(dy, 'dy', [y.dtype], refuse);
    sameShape(dy, 'dy', y.shape, refuse);
    return typeOf(y);
  },
};

const convWeightGradient: OperatorRule<'ConvWeightGradient'> = {
  domain: 'haat',
  operands: ['x', 'dy'],
  dtypes: ['float32'],
  attributes: { ...convKinds, kernel_shape: 'ints' },
  infer: ([x, dy], attributes, refuse) => {
    spatialRank(x, attributes, refuse);
    dtypeOf(dy, 'dy', [x.dtype], refuse);
    const channels = quotient([x.shape[1]!], [attributes.group]);
    if (channels === null) {
      throw refuse({
        of: 'x',
        axis: 1,
        expected: `a multiple of ${attributes.group} (the groups)`,
        got: `${x.shape[1]}`,
      });
    }
    return { dtype: x.dtype, shape: [dy.shape[1]!, channels, ...attributes.kernel_shape] };
  },
};

const convInputGradient: OperatorRule<'ConvInputGradient'> = {
  domain: 'haat',
  operands: ['dy', 'w'],
  dtypes: ['float32'],
  attributes: { ...convKinds, sizes: 'ints' },
  infer: ([dy, w], attributes, refuse) => {
    spatialRank(dy, attributes, refuse);
    dtypeOf(w, 'w', [dy.dtype], refuse);
    return { dtype: dy.dtype, shape: [dy.shape[0]!, product([w.shape[1]!, attributes.group]), ...attributes.sizes] };
  },
};

const maxPoolGradient: OperatorRule<'MaxPoolGradient'> = {
  domain: 'haat',
  operands: ['x', 'dy'],
  dtypes: reals,
  attributes: poolKinds,
  infer: ([x, dy], attributes, refuse) => {
    spatialRank(x, attributes, refuse);
    dtypeOf(dy, 'dy', [x.dtype], refuse);
    return typeOf(x);
  },
};

const gatherGradient: OperatorRule<'GatherGradient'> = {
  domain: 'haat',
  operands: ['x', 'indices', 'dy'],
  dtypes: reals,
  attributes: { axis: 'int' },
  infer: ([x, indices, dy], { axis }, refuse) => {
    const at = axisOf(axis, x.shape.length, refuse);
    dtypeOf(indices, 'indices', ['int64', 'int32'], refuse);
    dtypeOf(dy, 'dy', [x.dtype], refuse);
    sameShape(dy, 'dy', x.shape.toSpliced(at, 1, ...indices.shape), refuse);
    return typeOf(x);
  },
};

const embeddingBag: OperatorRule<'EmbeddingBag'> = {
  domain: 'haat',
  operands: ['table', 'ids'],
  dtypes: reals,
  attributes: { pooling: 'string', padding: 'int' },
  infer: ([table, ids], _, refuse) => {
    if (table.shape.length !== 2) throw refuse({ of: 'table', expected: '2 axes', got: formatShape(table.shape) });
    dtypeOf(ids, 'ids', ['int64'], refuse);
    if (ids.shape.length !== 2) throw refuse({ of: 'ids', expected: '2 axes', got: formatShape(ids.shape) });
    return { dtype: table.dtype, shape: [ids.shape[0]!, table.shape[1]!] };
  },
};

/** Operators of this house alone. */
export const houseRules: Rules<keyof HouseSignatures> = {
  EmbeddingBag: embeddingBag,
  StopGradient: stopGradient,
  Carry: carry,
  ReluGradient: reluGradient,
  ConvWeightGradient: convWeightGradient,
  ConvInputGradient: convInputGradient,
  MaxPoolGradient: maxPoolGradient,
  GatherGradient: gatherGradient,
};

function typeOf({ dtype, shape }: Value) {
  return { dtype, shape };
}
