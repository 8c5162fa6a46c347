import type { OperatorRule, Rules } from './operator.rule.ts';
import type { Refuse } from './refusal.ts';
import { axisOf, constantInts, dtypeOf, sameDimension } from './shape.algebra.ts';
import { formatShape, type Dimension, type Shape } from './tensor.ts';

const all = ['float32', 'float64', 'int32', 'int64', 'bool', 'string'] as const;

const concat: OperatorRule<'Concat'> = {
  domain: '',
  operands: ['data'],
  dtypes: all,
  attributes: { axis: 'int' },
  infer: (operands, attributes, refuse) => {
    const [first] = operands;
    const axis = axisOf(attributes.axis, first.shape.length, refuse);
    operands.forEach((operand, i) => {
      const of = `data[${i}]`;
      dtypeOf(operand, of, [first.dtype], refuse);
      if (operand.shape.length !== first.shape.length) {
        throw refuse({ of, expected: `${first.shape.length} axes`, got: formatShape(operand.shape) });
      }
      operand.shape.forEach((got, other) => {
        if (other !== axis) sameDimension(first.shape[other]!, got, { of, axis: other }, refuse);
      });
    });
    if (operands.length === 1) return { dtype: first.dtype, shape: first.shape };
    const size = operands
      .map(({ shape }, i) => fixed(shape[axis]!, `data[${i}]`, axis, refuse))
      .reduce((sum, length) => sum + length, 0);
    return { dtype: first.dtype, shape: first.shape.with(axis, size) };
  },
};

const reshape: OperatorRule<'Reshape'> = {
  domain: '',
  operands: ['x', 'shape'],
  dtypes: all,
  attributes: {},
  infer: ([x, target], _, refuse) => {
    const wanted = constantInts(target, 'shape', refuse);
    const given: Dimension[] = wanted.map((size, axis) => {
      if (size !== 0) return size;
      if (axis >= x.shape.length) {
        throw refuse({ of: 'shape', axis, expected: `a size (x is ${formatShape(x.shape)})`, got: '0' });
      }
      return x.shape[axis]!;
    });
    const open = given.indexOf(-1);
    if (given.lastIndexOf(-1) !== open) throw refuse({ of: 'shape', expected: 'one -1', got: formatShape(wanted) });
    const rest = quotient(x.shape, open < 0 ? given : given.toSpliced(open, 1));
    if (rest === null || (open < 0 && rest !== 1)) {
      throw refuse({ of: 'shape', expected: `as many elements as ${formatShape(x.shape)}`, got: formatShape(wanted) });
    }
    return { dtype: x.dtype, shape: open < 0 ? given : given.with(open, rest) };
  },
};

const unsqueeze: OperatorRule<'Unsqueeze'> = {
  domain: '',
  operands: ['x', 'axes'],
  dtypes: all,
  attributes: {},
  infer: ([x, axes], _, refuse) => {
    const wanted = constantInts(axes, 'axes', refuse);
    const rank = x.shape.length + wanted.length;
    const added = distinctAxes(wanted, rank, refuse);
    const old = x.shape.values();
    const shape = Array.from({ length: rank }, (_, axis) => (added.has(axis) ? 1 : old.next().value!));
    return { dtype: x.dtype, shape };
  },
};

const squeeze: OperatorRule<'Squeeze'> = {
  domain: '',
  operands: ['x', 'axes'],
  dtypes: all,
  attributes: {},
  infer: ([x, axes], _, refuse) => {
    const dropped = distinctAxes(constantInts(axes, 'axes', refuse), x.shape.length, refuse);
    for (const axis of dropped) sameDimension(1, x.shape[axis]!, { of: 'x', axis }, refuse);
    return { dtype: x.dtype, shape: x.shape.filter((_, axis) => !dropped.has(axis)) };
  },
};

const transpose: OperatorRule<'Transpose'> = {
  domain: '',
  operands: ['x'],
  dtypes: all,
  attributes: { perm: 'ints' },
  infer: ([x], { perm }, refuse) => {
    const rank = x.shape.length;
    if (perm.length !== rank || perm.toSorted((a, b) => a - b).some((axis, i) => axis !== i)) {
      throw refuse({ of: 'perm', expected: `a permutation of 0 to ${rank - 1}`, got: formatShape(perm) });
    }
    return { dtype: x.dtype, shape: perm.map((axis) => x.shape[axis]!) };
  },
};

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

const slice: OperatorRule<'Slice'> = {
  domain: '',
  operands: ['x', 'starts', 'ends', 'axes', 'steps'],
  dtypes: all,
  attributes: {},
  infer: ([x, starts, ends, axes, steps], _, refuse) => {
    const wanted = constantInts(axes, 'axes', refuse);
    distinctAxes(wanted, x.shape.length, refuse);
    const bounds = Object.entries({ starts, ends, steps }).map(([of, value]) => {
      const numbers = value === undefined ? wanted.map(() => 1) : constantInts(value, of, refuse);
      if (numbers.length !== wanted.length) {
        throw refuse({ of, expected: `${wanted.length} numbers, one for each axis`, got: `${numbers.length}` });
      }
      return numbers;
    });
    const shape = [...x.shape];
    wanted.forEach((at, i) => {
      const axis = axisOf(at, shape.length, refuse, 'axes');
      const [start, end, step] = bounds.map((numbers) => numbers[i]!) as [number, number, number];
      if (step === 0) throw refuse({ of: 'steps', axis, expected: 'a step other than 0', got: '0' });
      shape[axis] = sliceLength(fixed(shape[axis]!, 'x', axis, refuse), start, end, step);
    });
    return { dtype: x.dtype, shape };
  },
};

/** Operators that move elements and leave them as they are. */
export const layoutRules: Rules<'Concat' | 'Reshape' | 'Unsqueeze' | 'Squeeze' | 'Transpose' | 'Gather' | 'Slice'> = {
  Concat: concat,
  Reshape: reshape,
  Unsqueeze: unsqueeze,
  Squeeze: squeeze,
  Transpose: transpose,
  Gather: gather,
  Slice: slice,
};

function fixed(size: Dimension, of: string, axis: number, refuse: Refuse): number {
  if (typeof size === 'string') throw refuse({ of, axis, expected: 'a size that is known beforehand', got: size });
  return size;
}

function distinctAxes(axes: readonly number[], rank: number, refuse: Refuse): ReadonlySet<number> {
  const distinct = new Set(axes.map((axis) => axisOf(axis, rank, refuse, 'axes')));
  if (distinct.size !== axes.length) throw refuse({ of: 'axes', expected: 'no axis twice', got: formatShape(axes) });
  return distinct;
}

/** Elements that start, start + step, ... meet before `end`; both are counted from the end when negative and then clamped. */
function sliceLength(size: number, start: number, end: number, step: number): number {
  const [least, most] = step > 0 ? [0, size] : [-1, size - 1];
  const within = (bound: number) => Math.min(Math.max(bound < 0 ? bound + size : bound, least), most);
  return Math.max(0, Math.ceil((within(end) - within(start)) / step));
}

/** The dimension that makes `part` times it as large as `whole`; null where no number and no single symbol does. */
function quotient(whole: Shape, part: Shape): Dimension | null {
  const symbols = whole.filter((size) => typeof size === 'string');
  for (const size of part) {
    if (typeof size !== 'string') continue;
    const at = symbols.indexOf(size);
    if (at < 0) return null;
    symbols.splice(at, 1);
  }
  const size = product(whole) / product(part);
  if (symbols.length === 0) return Number.isInteger(size) ? size : null;
  return symbols.length === 1 && size === 1 ? symbols[0]! : null;
}

function product(shape: Shape): number {
  return shape.reduce<number>((size, dimension) => (typeof dimension === 'number' ? size * dimension : size), 1);
}
