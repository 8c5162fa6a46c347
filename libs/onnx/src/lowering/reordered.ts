import { apply, applyAgain } from '../graph/graph.builder.ts';
import type { Application, Value } from '../graph/graph.value.ts';
import { rewrite } from '../graph/graph.walk.ts';
import type { Attributes } from '../operators/operator.signatures.ts';

/**
 * The same values, operators in the order that costs least: the largest of what is above zero is what is above zero of the largest,
 * of which there are fewer. Exact for values and for gradients, since where the largest is not above zero both give none. It comes
 * before gradients, so that these are cheaper too.
 */
export function reordered(outputs: readonly Value[]): Value[] {
  return rewrite(outputs, poolBeforeRelu, applyAgain);
}

function poolBeforeRelu({ operator, operands, attributes }: Application): Value | undefined {
  if (operator !== 'MaxPool') return undefined;
  const [pooled] = operands;
  if (pooled!.origin.kind !== 'operator' || pooled!.origin.application.operator !== 'Relu') return undefined;
  const [x] = pooled!.origin.application.operands;
  return apply('Relu', [apply('MaxPool', [x!], attributes as Attributes<'MaxPool'>)]);
}
