import { encodeModel } from '../format/model.codec.ts';
import { lowered } from '../lowering/lowering.ts';
import { serializeGraph } from './graph.serialize.ts';
import type { GraphSpec } from './graph.source.ts';

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
