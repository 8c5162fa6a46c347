import type { Application, Value, Values } from '../graph/graph.value.ts';
import { blameCaller } from '../graph/call.site.ts';
import { scalar } from '../graph/graph.builder.ts';
import { operandsOf, topological } from '../graph/graph.walk.ts';
import { onnxError } from '../onnx.errors.ts';
import { formatType, isReal } from '../graph/tensor.ts';
import { add } from '../functions/arithmetic.ts';
import type { OperatorName, Operands } from '../operators/operator.signatures.ts';
import { sumTo, zerosLike } from './broadcast.sum.ts';
import type { GradientRule, OperandRule } from './gradient.rule.ts';
import { gradientRules } from './gradient.table.ts';

/**
 * d loss / d value for each of `wrt`, of its shape and dtype; zeros for one that the loss does not hang on. `loss`: a scalar of
 * real numbers. Errors: INVALID_GRAPH when it is none, or when it hangs on one of `wrt` by an operator that has no gradient.
 */
export function gradients<T extends Values>(loss: Value, wrt: T): { readonly [K in keyof T]: Value } {
  try {
    if (loss.shape.length > 0 || !isReal(loss.dtype)) {
      throw onnxError('INVALID_GRAPH', `Gradient: expected a loss float32 [] or float64 [], got ${formatType(loss)}`, {
        got: formatType(loss),
      });
    }
    return pullback(loss, scalar(loss.dtype, 1), wrt);
  } catch (error) {
    if (error instanceof Error) blameCaller(error, gradients);
    throw error;
  }
}

/** The sum over the elements of `dy` d `of` / d value for each of `wrt`: `gradients` for what is no scalar. */
export function pullback<T extends Values>(of: Value, dy: Value, wrt: T): { readonly [K in keyof T]: Value } {
  const order = topological([of]);
  const active = dependents(order, new Set(Object.values(wrt)));
  const cotangents = new Map<Value, Value>([[of, dy]]);
  for (const value of order.toReversed()) {
    const cotangent = cotangents.get(value);
    const { origin } = value;
    if (cotangent === undefined || origin.kind !== 'operator' || !active.has(value)) continue;
    origin.application.operands.forEach((operand, position) => {
      if (operand === undefined || !active.has(operand)) return;
      const flow = flowTo(origin.application, value, cotangent, operand, position);
      if (flow === null) return;
      const before = cotangents.get(operand);
      cotangents.set(operand, before ? add(before, flow) : flow);
    });
  }
  const found = Object.entries(wrt).map(([name, value]) => {
    const gradient = active.has(value) ? cotangents.get(value) : undefined;
    return [name, gradient ?? zerosLike(value)] as const;
  });
  return Object.fromEntries(found) as { readonly [K in keyof T]: Value };
}

/** Those of `order` that hang on one of `roots`, and these. */
function dependents(order: readonly Value[], roots: ReadonlySet<Value>): ReadonlySet<Value> {
  const found = new Set<Value>();
  for (const value of order) {
    if (roots.has(value) || operandsOf(value).some((operand) => found.has(operand))) found.add(value);
  }
  return found;
}

/** What an operator hands on to one of its operands; null where that only chooses. */
function flowTo<K extends OperatorName>(
  { operator, operands, attributes }: Application<K>,
  result: Value,
  dy: Value,
  operand: Value,
  position: number,
): Value | null {
  const rule: GradientRule<K> = gradientRules[operator];
  const refuse = (why: string) =>
    onnxError(
      'INVALID_GRAPH',
      `${operator}: no gradient flows through operand ${position}: ${why} (stopGradient says that it need not)`,
      {
        operator,
        operand: position,
      },
    );
  if (typeof rule === 'string') throw refuse(rule);
  const applied = { operands: operands as Operands<K>, attributes, result };
  const entry = typeof rule === 'function' ? rule : ((rule as readonly unknown[])[position] as OperandRule<K>);
  if (entry === null) return null;
  if (typeof entry === 'string') throw refuse(entry);
  if (!isReal(operand.dtype)) throw refuse(`it is ${operand.dtype}${madeBy(operand)}`);
  return sumTo(entry(dy, applied, position), operand);
}

/** Why a value of another kind than real numbers has no slope, where its operator says so. */
function madeBy({ origin }: Value): string {
  if (origin.kind !== 'operator') return '';
  const { operator } = origin.application;
  const rule = gradientRules[operator];
  return typeof rule === 'string' ? `, made by ${operator}: ${rule}` : `, made by ${operator}`;
}
