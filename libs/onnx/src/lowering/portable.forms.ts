import type { Value } from '../graph/graph.value.ts';
import type { HouseOperator } from '../operators/house.signatures.ts';
import type { Attributes, Operands } from '../operators/operator.signatures.ts';
import { convInputGradient, convWeightGradient, maxPoolGradient } from './convolution.portable.ts';
import { embeddingBag } from './embedding.portable.ts';
import { gatherGradient } from './gather.portable.ts';
import { cast, greater, mul } from '../functions/arithmetic.ts';
import type { RealType } from '../graph/tensor.ts';

/** What an operator of this house means in operators of the standard. */
export type PortableForm<K extends HouseOperator> = (operands: Operands<K>, attributes: Attributes<K>) => Value;

/** Every operator of this house with its portable form: what runs everywhere, and what faster forms are tested against. */
export const portableForms: { readonly [K in HouseOperator]: PortableForm<K> } = {
  EmbeddingBag: embeddingBag,
  StopGradient: ([x]) => x,
  Carry: ([x]) => x,
  ReluGradient: ([y, dy]) => mul(dy, cast(greater(y, 0), dy.dtype as RealType)),
  ConvWeightGradient: convWeightGradient,
  ConvInputGradient: convInputGradient,
  MaxPoolGradient: maxPoolGradient,
  GatherGradient: gatherGradient,
};
