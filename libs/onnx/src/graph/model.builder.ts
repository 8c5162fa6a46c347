import { encodeModel } from '../format/model.codec.ts';
import { lowered } from '../lowering/lowering.ts';
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
}

/**
 * The graph that computes `outputs` from the inputs they hang on, as an ONNX file of standard operators; the same graph is the
 * same file. Errors: INVALID_GRAPH when an input is missing from the list, a name is used twice, or one of `tensors` has another
 * type than what it stands for.
 */
export function buildModel(graph: GraphSpec): Uint8Array {
  const names = Object.keys(graph.outputs);
  const values = lowered(Object.values(graph.outputs));
  return encodeModel(
    serializeGraph({ ...graph, outputs: Object.fromEntries(names.map((name, i) => [name, values[i]!])) }),
  );
}
