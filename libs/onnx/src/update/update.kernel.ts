import type { Value, Values } from '../graph/graph.value.ts';
import { constantNumber, isLooped, loopFunction, loopsOf, type UpdateLoop } from './update.loop.ts';
import { wasmModule, type WasmFunction } from './wasm.encoding.ts';

/** A tensor that a call reads: one that goes round from step to step, or one that the graph gives. */
export type UpdateSource = { readonly kept: string } | { readonly given: string };

/** One call of a kernel: a pass over tensors of `size` float32 elements. */
export interface UpdateCall {
  /** The module's function: (bytes, address of each of `reads`, address of each of `writes`, each of `numbers`). */
  readonly entry: string;
  readonly size: number;
  readonly reads: readonly UpdateSource[];
  /** Names of what goes round, as it is after the step. */
  readonly writes: readonly string[];
  /** Outputs of the graph, float32 []. */
  readonly numbers: readonly string[];
}

/**
 * The part of a training step that goes over parameters and optimiser state element by element, as a WebAssembly module (with SIMD,
 * over the memory `env.memory`): these are many and arithmetic on them is little, so that copies in and out of a graph would cost
 * more than the arithmetic. Addresses are multiples of 16, and as many bytes are read and written as the next multiple of 16 says.
 */
export interface UpdateKernel {
  readonly module: Uint8Array;
  readonly calls: readonly UpdateCall[];
}

export interface SplitUpdate {
  readonly kernel: UpdateKernel;
  /** What the graph has to give for the kernel, by name. */
  readonly given: Values;
  /** Entries of `next` that the kernel does not make. */
  readonly rest: Values;
}

/**
 * Splits what a step makes of everything that goes round (`next`, by name) into a kernel and a rest for the graph. `kept`: what goes
 * round as it is before; `gradients` are made by the graph.
 */
export function splitUpdate(next: Values, kept: Values, gradients: Values): SplitUpdate {
  const cuts = new Set(Object.values(gradients));
  const entries = Object.entries(next);
  const looped = entries.filter(([, value]) => isLooped(value, cuts) && value.shape.every((size) => Number(size) >= 1));
  const keptNames = new Map(Object.entries(kept).map(([name, value]) => [value, name]));
  const nextNames = new Map(looped.toReversed().map(([name, value]) => [value, name]));
  const loops = loopsOf([...nextNames.keys()], cuts);
  const given = new Map<Value, string>();
  const nameOf = (value: Value) => {
    const name = given.get(value) ?? `update/${given.size}`;
    given.set(value, name);
    return name;
  };
  const functions = new Map<string, WasmFunction>();
  const calls = loops.map((loop): UpdateCall => {
    const entry = entryOf(loop, functions);
    return {
      entry,
      size: loop.size,
      reads: loop.streams.map((stream) => {
        const name = keptNames.get(stream);
        return name === undefined ? { given: nameOf(stream) } : { kept: name };
      }),
      writes: loop.results.map((result) => nextNames.get(result)!),
      numbers: loop.numbers.filter((number) => constantNumber(number) === null).map(nameOf),
    };
  });
  return {
    kernel: { module: wasmModule([...functions.values()]), calls },
    given: Object.fromEntries([...given].map(([value, name]) => [name, value])),
    rest: Object.fromEntries(entries.filter(([name, value]) => nextNames.get(value) !== name)),
  };
}

/** Loops that compute the same are one function. */
function entryOf(loop: UpdateLoop, functions: Map<string, WasmFunction>): string {
  const made = loopFunction(`update${functions.size}`, loop);
  const content = JSON.stringify([made.parameters, made.body]);
  const name = functions.get(content)?.name ?? made.name;
  if (!functions.has(content)) functions.set(content, made);
  return name;
}
