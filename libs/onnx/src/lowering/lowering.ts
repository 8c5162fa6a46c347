import { applyAgain } from '../graph/graph.builder.ts';
import type { Application, Value } from '../graph/graph.value.ts';
import { rewrite } from '../graph/graph.walk.ts';
import type { HouseOperator } from '../operators/house.signatures.ts';
import type { Attributes, Operands } from '../operators/operator.signatures.ts';
import { portableForms, type PortableForm } from './portable.forms.ts';

/** The same values in standard operators alone: every operator of this house gives way to its portable form. */
export function lowered(outputs: readonly Value[]): Value[] {
  return rewrite(outputs, portable, applyAgain);
}

function portable({ operator, operands, attributes }: Application): Value | undefined {
  if (!isHouseOperator(operator)) return undefined;
  return portableForm(operator, operands as Operands<typeof operator>, attributes);
}

/** The value that an operator of this house stands for, in standard operators. */
export function portableForm<K extends HouseOperator>(
  operator: K,
  operands: Operands<K>,
  attributes: Attributes<K>,
): Value {
  const form: PortableForm<K> = portableForms[operator];
  return form(operands, attributes);
}

function isHouseOperator(operator: string): operator is HouseOperator {
  return Object.hasOwn(portableForms, operator);
}
