import { apply } from '../graph/graph.builder.ts';
import type { Value } from '../graph/graph.value.ts';
import { mul } from '../functions/arithmetic.ts';
import { bagShares } from '../functions/embedding.ts';
import { reshape, unsqueeze } from '../functions/layout.ts';
import type { RealType } from '../graph/tensor.ts';
import { product } from '../operators/dimension.algebra.ts';
import type { HouseSignatures } from '../operators/house.signatures.ts';
import { choice, type Applied, type GradientRules } from './gradient.rule.ts';

/** Gradients of gradients: each is linear in dy, and what it chooses by is constant almost everywhere. */
export const houseGradients: GradientRules<keyof HouseSignatures> = {
  EmbeddingBag: [
    (dy, { operands: [table, ids], attributes }) => {
      const slices = mul(unsqueeze(dy, 1), unsqueeze(bagShares(ids, table.dtype as RealType, attributes), 2));
      return apply('GatherGradient', [table, ids, slices], { axis: 0 });
    },
    choice,
  ],
  StopGradient: [choice],
  Carry: [(dy) => dy, choice, choice],
  ReluGradient: [choice, (g, { operands: [y] }) => apply('ReluGradient', [y, g])],
  ConvWeightGradient: [
    (g, { operands: [x, dy], attributes: { kernel_shape: _, ...conv } }) =>
      apply('ConvInputGradient', [dy, g], { ...conv, sizes: x.shape.slice(2).map(Number) }),
    (g, { operands: [x], attributes: { kernel_shape: _, ...conv } }) => apply('Conv', [x, g], conv),
  ],
  ConvInputGradient: [
    (g, { operands: [, w], attributes: { sizes: _, ...conv } }) => apply('Conv', [g, w], conv),
    (g, { operands: [dy, w], attributes: { sizes: _, ...conv } }) =>
      apply('ConvWeightGradient', [g, dy], { ...conv, kernel_shape: w.shape.slice(2).map(Number) }),
  ],
  MaxPoolGradient: [choice, maxPoolGradientOfDy],
  GatherGradient: [
    choice,
    choice,
    (g, { operands: [, indices], attributes: { axis } }) => apply('Gather', [g, indices], { axis }),
  ],
};

/** What stands in g where the largest elements stood in x. */
function maxPoolGradientOfDy(g: Value, { operands: [x, dy], attributes }: Applied<'MaxPoolGradient'>): Value {
  const flat = (value: Value) => reshape(value, [product(value.shape)]);
  const taken = apply('GatherElements', [flat(g), flat(apply('MaxPoolIndices', [x], attributes))], { axis: 0 });
  return reshape(taken, dy.shape);
}
