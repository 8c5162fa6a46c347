import { applyAgain } from '../graph/graph.builder.ts';
import type { Application, Value } from '../graph/graph.value.ts';
import { shared } from '../graph/graph.shared.ts';
import { operandsOf, rewrite, topological } from '../graph/graph.walk.ts';
import type { HouseOperator } from '../operators/house.signatures.ts';
import type { Attributes, OperatorName, Operands } from '../operators/operator.signatures.ts';
import { fastForms } from './fast.forms.ts';
import type { Choice, Form, Kernels, Site } from './form.ts';
import { portableForms, type PortableForm } from './portable.forms.ts';

/** What a graph is written for: any runtime of the standard, or the kernels of one machine. */
export type Target = 'portable' | Kernels;

/**
 * The same values in operators that a file may hold. `portable`: every operator of this house gives way to its portable form, and
 * nothing else changes. For a machine: each operator is given the first of its faster forms that fits; `told` hears which.
 */
export function lowered(
  outputs: readonly Value[],
  target: Target = 'portable',
  told: (choice: Choice) => void = () => undefined,
): Value[] {
  if (target === 'portable') return rewrite(outputs, portable, applyAgain);
  const readers = readersOf(outputs);
  const fast = rewrite(
    outputs,
    (application, value) => {
      const sole = operandsOf(value)
        .slice(0, 1)
        .every((operand) => readers.get(operand) === 1);
      return fastest(application, { result: value, kernels: target, sole }, told);
    },
    applyAgain,
  );
  return shared(fast);
}

/** The first form that fits; without one the portable form, or nothing where the operator is one of the standard. */
function fastest<K extends OperatorName>(
  application: Application<K>,
  place: Omit<Site<K>, 'operands' | 'attributes'>,
  told: (choice: Choice) => void,
): Value | undefined {
  const { operator, attributes } = application;
  const site: Site<K> = { ...place, operands: application.operands as Operands<K>, attributes };
  const forms: readonly Form<K>[] = fastForms[operator] ?? [];
  const passed: Choice['passed'][number][] = [];
  const choose = (form: string) => told({ application, result: place.result, form, passed });
  for (const { name, unfit, build } of forms) {
    const why = unfit(site);
    if (why === null) {
      choose(name);
      return build(site);
    }
    passed.push({ form: name, why });
  }
  choose(isHouseOperator(operator) ? 'portable' : 'as it is');
  return portable(application);
}

function readersOf(outputs: readonly Value[]): ReadonlyMap<Value, number> {
  const readers = new Map<Value, number>(outputs.map((output) => [output, 1]));
  for (const value of topological(outputs)) {
    for (const operand of operandsOf(value)) readers.set(operand, (readers.get(operand) ?? 0) + 1);
  }
  return readers;
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
