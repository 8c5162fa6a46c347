import type { Value, Values } from '../graph/graph.value.ts';
import type { RealType, Tensor, Tensors } from '../graph/tensor.ts';
import { filled } from '../graph/tensor.ts';
import { onnxError } from '../onnx.errors.ts';
import { add, cast } from '../functions/arithmetic.ts';
import type { Schedule } from './schedules.ts';

/** What an optimiser says of one step, by parameter, and what it wants to know at the next one. */
export interface Update {
  /** What is added to each parameter. */
  readonly updates: Values;
  readonly state: Values;
}

/**
 * An optimiser as a pair of pure functions (as in optax): `init` gives the state that it begins with, `update` emits the graph of
 * one step. It turns gradients into updates; in a chain each turns what the one before it gave.
 */
export interface Optimizer {
  init(parameters: Tensors): Tensors;
  /** `step`: int64 [], from 0. */
  update(gradients: Values, state: Values, parameters: Values, step: Value): Update;
  /** How it changes a row of a table on its own, where it can. */
  rows?(parameter: string): RowRule | undefined;
}

/** AdaGrad of single rows: see `adaGrad`. */
export interface RowRule {
  readonly rate: Schedule;
  readonly initial: number;
  readonly epsilon: number;
}

/** One optimiser after the other: `chain(clipByGlobalNorm(1), adamW(1e-3), weightAverage(0.999))`. */
export function chain(...optimizers: readonly Optimizer[]): Optimizer {
  return {
    rows: (parameter) => (optimizers.length === 1 ? optimizers[0]!.rows?.(parameter) : undefined),
    init: (parameters) => merged(optimizers.map((optimizer) => optimizer.init(parameters))),
    update: (gradients, state, parameters, step) =>
      optimizers.reduce<Update>(
        (before, optimizer) => {
          const { updates, state: next } = optimizer.update(before.updates, state, parameters, step);
          return { updates, state: { ...before.state, ...next } };
        },
        { updates: gradients, state: {} },
      ),
  };
}

/**
 * Each parameter by the first of `named` that its name begins with, all others by `rest`: `byParameter({ 'words/': adaGrad(0.1) },
 * chain(clipByGlobalNorm(1), adamW(1e-3)))`. What one optimiser changes is a group of its own, over which it takes norms.
 */
export function byParameter(named: Readonly<Record<string, Optimizer>>, rest: Optimizer): Optimizer {
  const choices = Object.entries(named);
  const chosen = (name: string) => choices.find(([beginning]) => name.startsWith(beginning))?.[1] ?? rest;
  const groups = (names: readonly string[]) => [...Map.groupBy(names, chosen)];
  return {
    rows: (parameter) => chosen(parameter).rows?.(parameter),
    init: (parameters) =>
      merged(groups(Object.keys(parameters)).map(([optimizer, names]) => optimizer.init(pick(parameters, names)))),
    update: (gradients, state, parameters, step) => {
      const parts = groups(Object.keys(gradients)).map(([optimizer, names]) =>
        optimizer.update(pick(gradients, names), state, pick(parameters, names), step),
      );
      return {
        updates: Object.assign({}, ...parts.map(({ updates }) => updates)),
        state: Object.assign({}, ...parts.map((part) => part.state)),
      };
    },
  };
}

/** Tensors of one value in the shapes of `parameters`, under `slot/name`. */
export function slotsOf(slot: string, parameters: Tensors, value = 0): Tensors {
  return named(slot, parameters, ({ dtype, shape }) => filled(dtype as RealType, shape, value));
}

/** `each` of every entry, under `slot/name`. */
export function named<T, R>(slot: string, entries: Readonly<Record<string, T>>, each: (entry: T, name: string) => R) {
  return Object.fromEntries(
    Object.entries(entries).map(([name, entry]) => [slotName(slot, name), each(entry, name)]),
  ) as Readonly<Record<string, R>>;
}

export function slotName(slot: string, parameter: string): string {
  return `${slot}/${parameter}`;
}

/** `each` of every entry. */
export function mapped<T, R>(entries: Readonly<Record<string, T>>, each: (entry: T, name: string) => R) {
  return Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, each(entry, name)])) as Readonly<
    Record<string, R>
  >;
}

/** A rate or other number of a step in the dtype of what it is put to. */
export function inTypeOf(x: Value, number: Value): Value {
  return cast(number, x.dtype);
}

/** The number of the step counted from 1, float64 []. */
export function countOf(step: Value): Value {
  return add(cast(step, 'float64'), 1);
}

function merged(states: readonly Tensors[]): Tensors {
  const entries: [string, Tensor][] = states.flatMap((state) => Object.entries(state));
  const twice = entries.find(([name], i) => entries.findIndex(([other]) => other === name) !== i);
  if (twice) {
    throw onnxError('INVALID_GRAPH', `Optimiser: expected every state once, got "${twice[0]}" twice`, {
      name: twice[0],
    });
  }
  return Object.fromEntries(entries);
}

function pick<T>(entries: Readonly<Record<string, T>>, names: readonly string[]): Readonly<Record<string, T>> {
  return Object.fromEntries(names.map((name) => [name, entries[name]!]));
}
