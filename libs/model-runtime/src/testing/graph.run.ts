import { buildModel, type GraphSpec, type Tensor, type Tensors } from '@haat/onnx';
import { TensorSession } from '../tensor.session.ts';

export async function startGraph(graph: Omit<GraphSpec, 'name'>): Promise<TensorSession> {
  return TensorSession.open(buildModel({ name: 'graph', ...graph }));
}

/** The results of a graph that is run once. */
export async function runOnce(graph: Omit<GraphSpec, 'name'>, feeds: Tensors = {}): Promise<Tensors> {
  const session = await startGraph(graph);
  try {
    return await session.run(feeds);
  } finally {
    await session.release();
  }
}

/** Its elements as numbers. */
export function numbersOf(tensor: Tensor | undefined): number[] {
  return Array.from<number | bigint | string, number>(tensor!.data, Number);
}
