import { formatShape } from '../graph/tensor.ts';
import { product, quotient } from './dimension.algebra.ts';
import type { Gathering } from './gather.rules.ts';
import { knownSizes } from './known.sizes.ts';
import type { LayoutSignatures } from './layout.signatures.ts';
import type { OperatorRule, Rules } from './operator.rule.ts';
import {
  axisOf,
  broadcast,
  constantInts,
  distinctAxes,
  dtypeOf,
  fixedSize,
  rankOf,
  sameDimension,
} from './shape.algebra.ts';

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
      .map(({ shape }, i) => fixedSize(shape[axis]!, `data[${i}]`, axis, refuse))
      .reduce((sum, length) => sum + length, 0);
    return { dtype: first.dtype, shape: first.shape.with(axis, size) };
  },
};

const reshape: OperatorRule<'Reshape'> = {
  domain: '',
  operands: ['x', 'shape'],
  dtypes: all,
  attributes: { allowzero: 'flag' },
  infer: ([x, target], { allowzero = false }, refuse) => {
    const wanted = knownSizes(target) ?? constantInts(target, 'shape', refuse);
    const given = wanted.map((size, axis) => {
      if (size !== 0 || allowzero) return size;
      if (axis >= x.shape.length) {
        throw refuse({ of: 'shape', axis, expected: `a size (x is ${formatShape(x.shape)})`, got: '0' });
      }
      return x.shape[axis]!;
    });
    const open = given.indexOf(-1);
    if (given.lastIndexOf(-1) !== open) throw refuse({ of: 'shape', expected: 'one -1', got: formatShape(wanted) });
    if (open < 0 && product(given) === product(x.shape)) return { dtype: x.dtype, shape: given };
    const rest = open < 0 ? null : quotient(x.shape, given.toSpliced(open, 1));
    if (rest === null) {
      throw refuse({ of: 'shape', expected: `as many elements as ${formatShape(x.shape)}`, got: formatShape(wanted) });
    }
    return { dtype: x.dtype, shape: given.with(open, rest) };
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
      shape[axis] = sliceLength(fixedSize(shape[axis]!, 'x', axis, refuse), start, end, step);
    });
    return { dtype: x.dtype, shape };
  },
};

const expand: OperatorRule<'Expand'> = {
  domain: '',
  operands: ['x', 'shape'],
  dtypes: all,
  attributes: {},
  infer: ([x, target], _, refuse) => {
    const shape = knownSizes(target) ?? constantInts(target, 'shape', refuse);
    return {
      dtype: x.dtype,
      shape: broadcast(
        [
          { of: 'shape', shape },
          { of: 'x', shape: x.shape },
        ],
        refuse,
      ),
    };
  },
};

const pad: OperatorRule<'Pad'> = {
  domain: '',
  operands: ['x', 'pads', 'value'],
  dtypes: ['float32', 'float64', 'int32', 'int64'],
  attributes: {},
  infer: ([x, pads, value], _, refuse) => {
    const rank = x.shape.length;
    const wanted = constantInts(pads, 'pads', refuse);
    if (wanted.length !== 2 * rank) {
      throw refuse({ of: 'pads', expected: `${2 * rank} numbers, two for each axis`, got: `${wanted.length}` });
    }
    if (value !== undefined) {
      dtypeOf(value, 'value', [x.dtype], refuse);
      rankOf({ of: 'value', shape: value.shape }, 0, refuse);
    }
    const shape = x.shape.map((size, axis) => {
      const added = wanted[axis]! + wanted[axis + rank]!;
      if (wanted[axis] === 0 && added === 0) return size;
      const padded = fixedSize(size, 'x', axis, refuse) + added;
      if (padded < 0) throw refuse({ of: 'pads', axis, expected: `at most ${size} taken away`, got: `${added}` });
      return padded;
    });
    return { dtype: x.dtype, shape };
  },
};

const shape: OperatorRule<'Shape'> = {
  domain: '',
  operands: ['x'],
  dtypes: all,
  attributes: { start: 'int', end: 'int' },
  infer: ([x], { start, end }) => ({ dtype: 'int64', shape: [x.shape.slice(start, end).length] }),
};

const size: OperatorRule<'Size'> = {
  domain: '',
  operands: ['x'],
  dtypes: all,
  attributes: {},
  infer: () => ({ dtype: 'int64', shape: [] }),
};

const range: OperatorRule<'Range'> = {
  domain: '',
  operands: ['start', 'limit', 'step'],
  dtypes: ['int64'],
  attributes: {},
  infer: ([start, limit, step], _, refuse) => {
    const known = Object.entries({ start, limit, step }).map(([of, value]) => {
      rankOf({ of, shape: value.shape }, 0, refuse);
      return (knownSizes(value) ?? constantInts(value, of, refuse))[0]!;
    });
    if (known[0] !== 0) throw refuse({ of: 'start', expected: '0', got: `${known[0]}` });
    if (known[2] !== 1) throw refuse({ of: 'step', expected: '1', got: `${known[2]}` });
    return { dtype: 'int64', shape: [known[1]!] };
  },
};

/** Operators that move elements and leave them as they are. */
export const layoutRules: Rules<Exclude<keyof LayoutSignatures, Gathering>> = {
  Concat: concat,
  Reshape: reshape,
  Unsqueeze: unsqueeze,
  Squeeze: squeeze,
  Transpose: transpose,
  Expand: expand,
  Pad: pad,
  Shape: shape,
  Size: size,
  Range: range,
  Slice: slice,
};

/** Elements that start, start + step, ... meet before `end`; both are counted from the end when negative and then clamped. */
function sliceLength(size: number, start: number, end: number, step: number): number {
  const [least, most] = step > 0 ? [0, size] : [-1, size - 1];
  const within = (bound: number) => Math.min(Math.max(bound < 0 ? bound + size : bound, least), most);
  return Math.max(0, Math.ceil((within(end) - within(start)) / step));
}
