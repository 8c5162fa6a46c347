import type { Application, Origin, Value } from './graph.value.ts';

/**
 * Every value that `outputs` hang on, operands before results, in the order in which the outputs, taken in turn, need them.
 * An own stack: training graphs are deeper than the call stack.
 */
export function topological(outputs: Iterable<Value>): Value[] {
  const order: Value[] = [];
  const done = new Set<Value>();
  for (const output of outputs) {
    const open = [output];
    while (open.length > 0) {
      const value = open.at(-1)!;
      const missing = done.has(value) ? [] : operandsOf(value).filter((operand) => !done.has(operand));
      if (missing.length > 0) {
        open.push(...missing.reverse());
        continue;
      }
      open.pop();
      if (done.has(value)) continue;
      done.add(value);
      order.push(value);
    }
  }
  return order;
}

/** The values that `value` is made of; none for what is declared. */
export function operandsOf({ origin }: Value): Value[] {
  if (origin.kind !== 'operator') return [];
  return origin.application.operands.filter((operand) => operand !== undefined);
}

/** The declared values of one kind that `outputs` hang on, in the order in which they are met. */
export function leavesOf<K extends 'input' | 'parameter' | 'state'>(kind: K, outputs: Iterable<Value>): Leaf<K>[] {
  return topological(outputs).filter((value): value is Leaf<K> => value.origin.kind === kind);
}

/** A value that was declared as one of `kind`. */
export type Leaf<K extends Origin['kind']> = Value & { readonly origin: Extract<Origin, { readonly kind: K }> };

/**
 * The same outputs over another graph. `replace` is asked for every applied operator, operands first, and sees its operands
 * already replaced; where it gives none, the operator is applied to them again (or kept, when they are what they were). `declared` may
 * put another value in the place of a declared one.
 */
export function rewrite(
  outputs: readonly Value[],
  replace: (application: Application, value: Value) => Value | undefined,
  again: (application: Application) => Value,
  declared: (value: Value) => Value = (value) => value,
): Value[] {
  const replaced = new Map<Value, Value>();
  for (const value of topological(outputs)) {
    replaced.set(value, renewed(value));
  }
  return outputs.map((output) => replaced.get(output)!);

  function renewed(value: Value): Value {
    if (value.origin.kind !== 'operator') return declared(value);
    const { application } = value.origin;
    const operands = application.operands.map((operand) => operand && replaced.get(operand)!);
    const same = operands.every((operand, i) => operand === application.operands[i]);
    const now = same ? application : { ...application, operands };
    return replace(now, value) ?? (same ? value : again(now));
  }
}
