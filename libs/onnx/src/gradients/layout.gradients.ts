import { apply, constant, ints } from '../graph/graph.builder.ts';
import type { Value } from '../graph/graph.value.ts';
import { refusalOf } from '../graph/refusal.ts';
import { int64 } from '../graph/tensor.ts';
import { reshape, sizes, slice } from '../functions/layout.ts';
import type { LayoutSignatures } from '../operators/layout.signatures.ts';
import { axisOf, constantInts } from '../operators/shape.algebra.ts';
import { zerosLike } from './broadcast.sum.ts';
import { choice, type Applied, type GradientRules } from './gradient.rule.ts';

const count = 'sizes have no slope';

export const layoutGradients: GradientRules<keyof LayoutSignatures> = {
  Concat: (dy, { operands, attributes: { axis } }, position) => {
    const [first] = operands;
    if (operands.length === 1) return dy;
    const at = axisOf(axis, first.shape.length, refusalOf('Concat'));
    const ends = operands.map((_, i) =>
      operands.slice(0, i + 1).reduce((end, { shape }) => end + Number(shape[at]), 0),
    );
    return slice(dy, at, ends[position - 1] ?? 0, ends[position]!);
  },
  Reshape: [(dy, { operands: [x] }) => reshapeLike(dy, x), choice],
  Unsqueeze: [(dy, { operands: [, axes] }) => apply('Squeeze', [dy, axes]), choice],
  Squeeze: [(dy, { operands: [, axes] }) => apply('Unsqueeze', [dy, axes]), choice],
  Transpose: [
    (dy, { attributes: { perm } }) => apply('Transpose', [dy], { perm: perm.map((_, axis) => perm.indexOf(axis)) }),
  ],
  Expand: [(dy) => dy, choice],
  Pad: [
    (dy, { operands: [, pads] }) =>
      apply('Pad', [dy, ints(...constantInts(pads, 'pads', refusalOf('Pad')).map((width) => -width))]),
    choice,
    'what it is padded with is given',
  ],
  Shape: count,
  Size: count,
  Range: count,
  Gather: [
    (dy, { operands: [x, indices], attributes: { axis = 0 } }) => apply('GatherGradient', [x, indices, dy], { axis }),
    choice,
  ],
  GatherElements: [
    (dy, { operands: [x, indices], attributes: { axis = 0 } }) =>
      apply('ScatterElements', [zerosLike(x), indices, dy], { axis, reduction: 'add' }),
    choice,
  ],
  GatherND: [
    (dy, { operands: [x, indices] }) => apply('ScatterND', [zerosLike(x), indices, dy], { reduction: 'add' }),
    choice,
  ],
  ScatterElements: [
    (dy) => dy,
    choice,
    (dy, { operands: [, indices], attributes: { axis = 0 } }) => apply('GatherElements', [dy, indices], { axis }),
  ],
  ScatterND: [(dy) => dy, choice, (dy, { operands: [, indices] }) => apply('GatherND', [dy, indices])],
  Slice: [sliceGradient, choice, choice, choice, choice],
};

/** dy in the shape of x. */
function reshapeLike(dy: Value, x: Value): Value {
  const open = x.shape.filter((size) => typeof size === 'string').length;
  if (open < 2) return reshape(dy, x.shape);
  return apply('Reshape', [dy, sizes(x.shape, [x])], { allowzero: true });
}

/** Steps of 1 are zeros around dy; other steps are the gradient of gathering the same places, an axis at a time. */
function sliceGradient(dy: Value, { operands: [x, starts, ends, axes, steps] }: Applied<'Slice'>): Value {
  const refuse = refusalOf('Slice');
  const along = constantInts(axes, 'axes', refuse).map((axis) => axisOf(axis, x.shape.length, refuse));
  const start = constantInts(starts, 'starts', refuse);
  const end = constantInts(ends, 'ends', refuse);
  const step = steps === undefined ? along.map(() => 1) : constantInts(steps, 'steps', refuse);
  if (step.every((each) => each === 1)) {
    const before = x.shape.map((size, axis) => {
      const i = along.indexOf(axis);
      return i < 0 ? 0 : firstOf(Number(size), start[i]!);
    });
    const after = x.shape.map((size, axis) =>
      along.includes(axis) ? Number(size) - before[axis]! - Number(dy.shape[axis]) : 0,
    );
    return apply('Pad', [dy, ints(...before, ...after)]);
  }
  const one = (i: number, value: Value) =>
    apply('Slice', [value, ints(start[i]!), ints(end[i]!), ints(along[i]!), ints(step[i]!)]);
  const sliced = along.slice(0, -1).reduce<Value[]>((values, _, i) => [...values, one(i, values.at(-1)!)], [x]);
  return along.reduceRight((gradient, axis, i) => {
    const from = sliced[i]!;
    const size = Number(from.shape[axis]);
    const first =
      step[i]! > 0 ? firstOf(size, start[i]!) : Math.min(start[i]! < 0 ? start[i]! + size : start[i]!, size - 1);
    const places = Array.from({ length: Number(gradient.shape[axis]) }, (_, k) => first + k * step[i]!);
    return apply('GatherGradient', [from, constant(int64(places)), gradient], { axis });
  }, dy);
}

function firstOf(size: number, start: number): number {
  return Math.min(Math.max(start < 0 ? start + size : start, 0), size);
}
