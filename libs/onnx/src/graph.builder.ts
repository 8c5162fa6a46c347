import type { Application, Value } from './graph.value.ts';
import { serializeGraph, type GraphOutputs } from './graph.serialize.ts';
import { encodeModel } from './model.codec.ts';
import { onnxError } from './onnx.errors.ts';
import type { OperatorRule } from './operator.rule.ts';
import type { Attributes, OperatorName, Operands } from './operator.signatures.ts';
import { operators } from './operator.table.ts';
import { refusalOf } from './refusal.ts';
import { int64, type ElementType, type Shape, type Tensor } from './tensor.ts';

/** Declares an input of the graph. A symbol in the shape is the same size wherever it stands. */
export function input(name: string, dtype: ElementType, shape: Shape): Value {
  return { dtype, shape, origin: { kind: 'input', name } };
}

/** Declares a named tensor that belongs to the graph: what training fits. */
export function parameter(name: string, tensor: Tensor): Value {
  return { dtype: tensor.dtype, shape: tensor.shape, origin: { kind: 'parameter', name, tensor } };
}

/** A tensor without a name. */
export function constant(tensor: Tensor): Value {
  return { dtype: tensor.dtype, shape: tensor.shape, origin: { kind: 'constant', tensor } };
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
    if (error instanceof Error) Error.captureStackTrace(error, apply);
    throw error;
  }
}

/**
 * The graph that computes `outputs` from the inputs they hang on, as an ONNX file. Inputs stand in the file in the order of
 * `inputs`. Errors: INVALID_GRAPH when an input is missing from the list or a name is used twice.
 */
export function buildModel(graph: {
  readonly name: string;
  readonly inputs: readonly Value[];
  readonly outputs: GraphOutputs;
  readonly metadata?: Readonly<Record<string, string>>;
}): Uint8Array {
  return encodeModel(serializeGraph(graph));
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
