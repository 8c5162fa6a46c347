import type { Batch, Column, ModelCard } from '@haat/kit';
import { strings, type Tensor, type Tensors } from '@haat/onnx';

/** The columns of a batch as tensors [rows, ...sizes], for graphs that are no artifacts yet. */
export function columnTensors(features: ModelCard['features'], { rows, columns }: Batch): Tensors {
  return Object.fromEntries(
    Object.entries(features).map(([name, { sizes = [] }]) => [name, tensorOf(columns[name]!, [rows, ...sizes])]),
  );
}

function tensorOf(column: Column, shape: readonly number[]): Tensor {
  if (column instanceof Float32Array) return { dtype: 'float32', shape, data: column };
  if (column instanceof Float64Array) return { dtype: 'float64', shape, data: column };
  if (column instanceof BigInt64Array) return { dtype: 'int64', shape, data: column };
  return strings(column, shape);
}
