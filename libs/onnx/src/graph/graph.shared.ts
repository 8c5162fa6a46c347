import type { Value } from './graph.value.ts';
import { rewrite } from './graph.walk.ts';
import { applyAgain } from './graph.builder.ts';
import { contentOf } from './tensor.ts';

/** The same values, in which what is computed twice from the same values is one: forms ask for the same reorders and pools. */
export function shared(outputs: readonly Value[]): Value[] {
  const numbers = new Map<Value | string, number>();
  const made = new Map<string, Value>();
  const numberOf = (value: Value | undefined) => {
    if (value === undefined) return -1;
    const content = value.origin.kind === 'constant' ? contentOf(value.origin.tensor) : null;
    const key = content ?? value;
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    return number;
  };
  return rewrite(
    outputs,
    (application, value) => {
      const { operator, operands, attributes } = application;
      const key = JSON.stringify([operator, attributes, operands.map(numberOf)]);
      const same = made.get(key);
      if (same !== undefined) return same;
      const kept = value.origin.kind === 'operator' && value.origin.application === application;
      const own = kept ? value : applyAgain(application);
      made.set(key, own);
      return own;
    },
    applyAgain,
  );
}
