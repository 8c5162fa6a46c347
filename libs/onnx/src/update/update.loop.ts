import type { Value } from '../graph/graph.value.ts';
import { operandsOf } from '../graph/graph.walk.ts';
import { sizeOf } from '../graph/tensor.ts';
import { wasm, type WasmFunction, type WasmType } from './wasm.encoding.ts';

/** Operators that a loop computes four elements at a time, with the bits that the runtime gives them: IEEE 754 fixes these. */
const vectorOperators = {
  Add: wasm.add,
  Sub: wasm.subtract,
  Mul: wasm.multiply,
  Div: wasm.divide,
  Sqrt: wasm.squareRoot,
  Neg: wasm.negate,
} as const;

type VectorOperator = keyof typeof vectorOperators;

/** Tensors of one shape that are made in one pass over the elements of others. */
export interface UpdateLoop {
  readonly size: number;
  /** Values that are read element by element, and numbers that are the same for all. */
  readonly streams: readonly Value[];
  readonly numbers: readonly Value[];
  /** What is computed, operands first. */
  readonly steps: readonly Value[];
  readonly results: readonly Value[];
}

/** Whether a loop can make `value` from its operands. `cuts` it takes as they are. */
export function isLooped(value: Value, cuts: ReadonlySet<Value>): boolean {
  const { origin, dtype, shape } = value;
  if (origin.kind !== 'operator' || dtype !== 'float32' || shape.length === 0 || cuts.has(value)) return false;
  if (!(origin.application.operator in vectorOperators)) return false;
  return operandsOf(value).every((operand) => operand.shape.length === 0 || operand.shape.join() === shape.join());
}

/** Loops that make `results`, one for those that read the same tensors. */
export function loopsOf(results: readonly Value[], cuts: ReadonlySet<Value>): UpdateLoop[] {
  const loops: UpdateLoop[] = [];
  for (const result of results) {
    const one = loopOf([result], cuts);
    const joined = loops.filter(({ streams }) => streams.some((stream) => one.streams.includes(stream)));
    joined.forEach((loop) => loops.splice(loops.indexOf(loop), 1));
    loops.push(loopOf([...joined.flatMap((loop) => loop.results), result], cuts));
  }
  return loops;
}

function loopOf(results: readonly Value[], cuts: ReadonlySet<Value>): UpdateLoop {
  const [streams, numbers, steps] = [new Set<Value>(), new Set<Value>(), new Set<Value>()];
  const visit = (value: Value): void => {
    if (value.shape.length === 0) {
      numbers.add(value);
    } else if (!isLooped(value, cuts)) {
      streams.add(value);
    } else if (!steps.has(value)) {
      operandsOf(value).forEach(visit);
      steps.add(value);
    }
  };
  results.forEach(visit);
  const size = sizeOf(results[0]!.shape.map(Number));
  return { size, streams: [...streams], numbers: [...numbers], steps: [...steps], results };
}

/** The number of a constant; null for one that is known only when the graph runs. */
export function constantNumber({ origin }: Value): number | null {
  return origin.kind === 'constant' ? Number(origin.tensor.data[0]) : null;
}

/**
 * A loop as a function of how many bytes there are in a tensor (a multiple of 16), where each stream and each result begins, and the
 * numbers that are no constants.
 */
export function loopFunction(name: string, { streams, numbers, steps, results }: UpdateLoop): WasmFunction {
  const open = numbers.filter((number) => constantNumber(number) === null);
  const parameters: WasmType[] = [
    'i32',
    ...streams.map(() => 'i32' as const),
    ...results.map(() => 'i32' as const),
    ...open.map(() => 'f32' as const),
  ];
  const at = parameters.length;
  const vectors = new Map([...numbers, ...streams, ...steps].map((value, i) => [value, at + 1 + i]));
  const vector = (value: Value) => vectors.get(value)!;
  const address = (position: number) => [...wasm.get(1 + position), ...wasm.get(at), ...wasm.addInteger];
  const splats = numbers.flatMap((number) => {
    const constant = constantNumber(number);
    const given = wasm.get(1 + streams.length + results.length + open.indexOf(number));
    return [...(constant === null ? given : wasm.float(constant)), ...wasm.splat, ...wasm.set(vector(number))];
  });
  const loads = streams.flatMap((stream, i) => [...address(i), ...wasm.load, ...wasm.set(vector(stream))]);
  const computed = steps.flatMap((step) => {
    if (step.origin.kind !== 'operator') return [];
    const instruction = vectorOperators[step.origin.application.operator as VectorOperator];
    return [
      ...operandsOf(step).flatMap((operand) => wasm.get(vector(operand))),
      ...instruction,
      ...wasm.set(vector(step)),
    ];
  });
  const stores = results.flatMap((result, i) => [
    ...address(streams.length + i),
    ...wasm.get(vector(result)),
    ...wasm.store,
  ]);
  const next = [...wasm.get(at), ...wasm.constant(16), ...wasm.addInteger, ...wasm.tee(at)];
  const body = [...loads, ...computed, ...stores, ...next, ...wasm.get(0), ...wasm.below, ...wasm.again];
  return {
    name,
    parameters,
    locals: ['i32', ...[...vectors].map(() => 'v128' as const)],
    body: [...splats, ...wasm.loop(body)],
  };
}
