import { blameCaller } from './call.site.ts';
import type { Application, Value } from './graph.value.ts';
import { onnxError } from '../onnx.errors.ts';
import type { OperatorRule } from '../operators/operator.rule.ts';
import type { Attributes, OperatorName, Operands } from '../operators/operator.signatures.ts';
import { operators } from '../operators/operator.table.ts';
import { refusalOf } from './refusal.ts';
import { filled, int64, type ElementType, type RealType, type Shape, type Tensor } from './tensor.ts';

/** Declares an input of the graph. A symbol in the shape is the same size wherever it stands. */
export function input(name: string, dtype: ElementType, shape: Shape): Value {
  return { dtype, shape, origin: { kind: 'input', name } };
}

/** Declares a named tensor that belongs to the graph: what training fits. */
export function parameter(name: string, tensor: Tensor): Value {
  return { dtype: tensor.dtype, shape: tensor.shape, origin: { kind: 'parameter', name, tensor } };
}

/**
 * Declares a named tensor that belongs to the graph and that no gradient changes: running statistics. What it becomes after a
 * training step says the operator Carry.
 */
export function state(name: string, tensor: Tensor): Value {
  return { dtype: tensor.dtype, shape: tensor.shape, origin: { kind: 'state', name, tensor } };
}

/** A tensor without a name. */
export function constant(tensor: Tensor): Value {
  return { dtype: tensor.dtype, shape: tensor.shape, origin: { kind: 'constant', tensor } };
}

/** A constant of one number. */
export function scalar(dtype: RealType, value: number): Value {
  return constant(filled(dtype, [], value));
}

/** A vector of int64 constants: shapes, axes, sizes. */
export function ints(...values: readonly number[]): Value {
  return constant(int64(values));
}

type AttributeArguments<K extends OperatorName> =
  Partial<Record<never, never>> extends Attributes<K> ? [attributes?: Attributes<K>] : [attributes: Attributes<K>];

/**
 * Applies an operator; shape and dtype of the result are known at once.
 * Errors: INVALID_GRAPH, raised on the caller's line, with operator, operand, axis, what was expected and what came.
 */
export function apply<K extends OperatorName>(
  operator: K,
  operands: Operands<K>,
  ...[attributes]: AttributeArguments<K>
): Value {
  const given = attributes ?? ({} as Attributes<K>);
  try {
    const application: Application<K> = { operator, operands, attributes: given };
    return { ...infer(operator, operands, given), origin: { kind: 'operator', application } };
  } catch (error) {
    if (error instanceof Error) blameCaller(error, apply);
    throw error;
  }
}

/** Applies an operator again, to other operands of the same kind: for code that walks graphs and meets operators of all sorts. */
export function applyAgain({ operator, operands, attributes }: Application): Value {
  return apply(operator, operands as Operands<typeof operator>, attributes);
}

function infer<K extends OperatorName>(operator: K, operands: Operands<K>, attributes: Attributes<K>) {
  const rule: OperatorRule<K> = operators[operator];
  const refuse = refusalOf(operator);
  const at = rule.subject ?? 0;
  const subject = operands[at];
  if (subject === undefined) {
    throw onnxError('INVALID_GRAPH', `${operator}: expected operand ${rule.operands[at]}, got none`, { operator });
  }
  if (!rule.dtypes.includes(subject.dtype)) {
    throw refuse({ of: rule.operands[at]!, expected: rule.dtypes.join(' or '), got: subject.dtype });
  }
  return rule.infer(operands, attributes, refuse);
}
