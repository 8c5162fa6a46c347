import { apply, scalar } from '../graph/graph.builder.ts';
import type { Value } from '../graph/graph.value.ts';
import type { RealType } from '../graph/tensor.ts';
import { axisOf } from '../operators/shape.algebra.ts';
import { refusalOf } from '../graph/refusal.ts';
import type { Attributes, Operands } from '../operators/operator.signatures.ts';
import { cast } from '../functions/arithmetic.ts';
import { expand, transpose, unsqueeze } from '../functions/layout.ts';

/** Zeros in the shape of x, to which the slices of dy are added; another axis than the first is moved there and back. */
export function gatherGradient(
  [x, indices, dy]: Operands<'GatherGradient'>,
  { axis }: Attributes<'GatherGradient'>,
): Value {
  const at = axisOf(axis, x.shape.length, refusalOf('GatherGradient'));
  const rank = x.shape.length;
  const axes = x.shape.map((_, i) => i);
  const toFront = [at, ...axes.toSpliced(at, 1)];
  const back = axes.map((_, i) => toFront.indexOf(i));
  const width = indices.shape.length;
  const moved = dy.shape.map((_, i) => i);
  const zeros = expand(
    scalar(x.dtype as RealType, 0),
    toFront.map((i) => x.shape[i]!),
    x,
  );
  const slices = transpose(dy, [
    ...moved.slice(at, at + width),
    ...moved.slice(0, at),
    ...moved.slice(at + width, width + rank - 1),
  ]);
  const places = unsqueeze(cast(indices, 'int64'), width);
  return transpose(apply('ScatterND', [zeros, places, slices], { reduction: 'add' }), back);
}
