import { buildModel, type ElementType, type GraphSpec } from '@haat/onnx';
import { InferenceSession, type Tensor } from 'onnxruntime-node';

/** Numbers of a result, by its name, with the sizes that they came in. */
export interface Result {
  readonly dims: readonly number[];
  readonly dtype: ElementType;
  readonly data: number[];
}

/** A graph in ONNX Runtime: run as often as wanted, then released. */
export interface RunningGraph {
  run(feeds: Readonly<Record<string, Tensor>>): Promise<Record<string, Result>>;
  release(): Promise<void>;
}

export async function startGraph(graph: Omit<GraphSpec, 'name'> & { readonly name?: string }): Promise<RunningGraph> {
  const session = await InferenceSession.create(buildModel({ name: 'graph', ...graph }), {
    logSeverityLevel: 4,
    intraOpNumThreads: 1,
  });
  return {
    async run(feeds) {
      const results = await session.run(feeds);
      return Object.fromEntries(
        Object.entries(results).map(([name, { dims, type, data }]) => [
          name,
          { dims, dtype: type as ElementType, data: Array.from(data as ArrayLike<number>, Number) },
        ]),
      );
    },
    release: () => session.release(),
  };
}

/** The results of a graph that is run once. */
export async function runOnce(
  graph: Omit<GraphSpec, 'name'>,
  feeds: Readonly<Record<string, Tensor>> = {},
): Promise<Record<string, Result>> {
  const running = await startGraph(graph);
  try {
    return await running.run(feeds);
  } finally {
    await running.release();
  }
}
