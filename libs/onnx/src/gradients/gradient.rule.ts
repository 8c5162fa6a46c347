import type { Value } from '../graph/graph.value.ts';
import type { Attributes, OperatorName, Operands } from '../operators/operator.signatures.ts';

/** The operator whose gradient is asked for. */
export interface Applied<K extends OperatorName> {
  readonly operands: Operands<K>;
  readonly attributes: Attributes<K>;
  readonly result: Value;
}

/**
 * d loss / d operand from dy = d loss / d result. It may have the shape that the operand is broadcast to: what is too much is
 * summed up by who asks.
 */
export type Pullback<K extends OperatorName> = (dy: Value, applied: Applied<K>) => Value;

/** Of an operand that only chooses (indices, a condition, a shape): no gradient, wherever it comes from. */
export const choice = null;

/** A pullback, a choice, or why there is no gradient. */
export type OperandRule<K extends OperatorName> = Pullback<K> | typeof choice | string;

type PerOperand<K extends OperatorName, T extends readonly unknown[]> = { readonly [P in keyof T]-?: OperandRule<K> };

/**
 * The gradient of one operator: a rule for each operand, or one for any number of them, or (a text) why it has none.
 */
export type GradientRule<K extends OperatorName> =
  PerOperand<K, Operands<K>> | ((dy: Value, applied: Applied<K>, position: number) => Value) | string;

export type GradientRules<K extends OperatorName> = { readonly [Name in K]: GradientRule<Name> };
