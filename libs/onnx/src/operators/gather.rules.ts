import type { Value } from '../graph/graph.value.ts';
import type { Refuse } from '../graph/refusal.ts';
import { formatShape } from '../graph/tensor.ts';
import type { OperatorRule, Rules } from './operator.rule.ts';
import { axisOf, dtypeOf, rankOf, sameDimension } from './shape.algebra.ts';

const all = ['float32', 'float64', 'int32', 'int64', 'bool', 'string'] as const;
const numbers = ['float32', 'float64', 'int32', 'int64'] as const;

export type Gathering = 'Gather' | 'GatherElements' | 'GatherND' | 'ScatterElements' | 'ScatterND';

const gather: OperatorRule<'Gather'> = {
  domain: '',
  operands: ['x', 'indices'],
  dtypes: all,
  attributes: { axis: 'int' },
  infer: ([x, indices], { axis: wanted = 0 }, refuse) => {
    const axis = axisOf(wanted, x.shape.length, refuse);
    dtypeOf(indices, 'indices', ['int64', 'int32'], refuse);
    return { dtype: x.dtype, shape: x.shape.toSpliced(axis, 1, ...indices.shape) };
  },
};

const gatherElements: OperatorRule<'GatherElements'> = {
  domain: '',
  operands: ['x', 'indices'],
  dtypes: all,
  attributes: { axis: 'int' },
  infer: ([x, indices], { axis = 0 }, refuse) => {
    besides(axis, x, indices, refuse);
    return { dtype: x.dtype, shape: indices.shape };
  },
};

const scatterElements: OperatorRule<'ScatterElements'> = {
  domain: '',
  operands: ['x', 'indices', 'updates'],
  dtypes: numbers,
  attributes: { axis: 'int', reduction: 'string' },
  infer: ([x, indices, updates], { axis = 0 }, refuse) => {
    besides(axis, x, indices, refuse);
    dtypeOf(updates, 'updates', [x.dtype], refuse);
    sameShape(updates, 'updates', indices.shape, refuse);
    return { dtype: x.dtype, shape: x.shape };
  },
};

const gatherND: OperatorRule<'GatherND'> = {
  domain: '',
  operands: ['x', 'indices'],
  dtypes: ['float32', 'float64', 'int32', 'int64', 'bool', 'string'],
  attributes: {},
  infer: ([x, indices], _, refuse) => ({ dtype: x.dtype, shape: slicesAt(x, indices, refuse) }),
};

const scatterND: OperatorRule<'ScatterND'> = {
  domain: '',
  operands: ['x', 'indices', 'updates'],
  dtypes: numbers,
  attributes: { reduction: 'string' },
  infer: ([x, indices, updates], _, refuse) => {
    dtypeOf(updates, 'updates', [x.dtype], refuse);
    sameShape(updates, 'updates', slicesAt(x, indices, refuse), refuse);
    return { dtype: x.dtype, shape: x.shape };
  },
};

/** Operators that read from or add to places that other values name. */
export const gatherRules: Rules<Gathering> = {
  Gather: gather,
  GatherElements: gatherElements,
  GatherND: gatherND,
  ScatterElements: scatterElements,
  ScatterND: scatterND,
};

/** Throws unless `indices` has the shape of x in all axes but one. */
function besides(axis: number, x: Value, indices: Value, refuse: Refuse): void {
  const at = axisOf(axis, x.shape.length, refuse);
  dtypeOf(indices, 'indices', ['int64', 'int32'], refuse);
  rankOf({ of: 'indices', shape: indices.shape }, x.shape.length, refuse);
  indices.shape.forEach((got, other) => {
    if (other !== at) sameDimension(x.shape[other]!, got, { of: 'indices', axis: other }, refuse);
  });
}

function slicesAt(x: Value, indices: Value, refuse: Refuse) {
  dtypeOf(indices, 'indices', ['int64'], refuse);
  const depth = indices.shape.at(-1);
  if (typeof depth !== 'number' || depth < 1 || depth > x.shape.length) {
    const expected = `a last axis of 1 to ${x.shape.length} (x is ${formatShape(x.shape)})`;
    throw refuse({ of: 'indices', expected, got: formatShape(indices.shape) });
  }
  return [...indices.shape.slice(0, -1), ...x.shape.slice(depth)];
}

export function sameShape(value: Value, of: string, shape: Value['shape'], refuse: Refuse): void {
  rankOf({ of, shape: value.shape }, shape.length, refuse);
  value.shape.forEach((got, axis) => sameDimension(shape[axis]!, got, { of, axis }, refuse));
}
