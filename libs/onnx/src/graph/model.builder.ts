import { encodeModel } from '../format/model.codec.ts';
import { lowered, type Target } from '../lowering/lowering.ts';
import type { Choice } from '../lowering/form.ts';
import { serializeGraph } from './graph.serialize.ts';
import type { Value, Values } from './graph.value.ts';
import type { Tensors } from './tensor.ts';

/** What a file is made from. */
export interface GraphSpec {
  readonly name: string;
  /** In the order in which they stand in the file. A parameter or state that is listed is an input, and not part of the file. */
  readonly inputs: readonly Value[];
  readonly outputs: Values;
  readonly metadata?: Readonly<Record<string, string>>;
  /** Tensors for parameters and states by name, instead of those that they were declared with. */
  readonly tensors?: Tensors;
  /** What it is written for, default any runtime of the standard. */
  readonly target?: Target;
  /** Hears which form each operator was given. */
  readonly told?: (choice: Choice) => void;
}

/**
 * The graph that computes `outputs` from the inputs they hang on, as an ONNX file (of standard operators, unless it is for the kernels
 * of one machine); the same graph is the same file. Errors: INVALID_GRAPH when an input is missing from the list, a name is used twice, or one of `tensors` has another
 * type than what it stands for.
 */
export function buildModel(graph: GraphSpec): Uint8Array {
  const names = Object.keys(graph.outputs);
  const values = lowered(Object.values(graph.outputs), graph.target, graph.told);
  return encodeModel(
    serializeGraph({ ...graph, outputs: Object.fromEntries(names.map((name, i) => [name, values[i]!])) }),
  );
}
