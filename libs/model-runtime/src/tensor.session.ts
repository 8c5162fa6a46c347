import type { ElementType, Tensor, Tensors } from '@haat/onnx';
import { InferenceSession, Tensor as RuntimeTensor } from './onnx.runtime.ts';
import { runtimeError } from './runtime.errors.ts';

export interface SessionOptions {
  /** Threads within an operator, default 1. */
  readonly threads?: number;
}

/** Any graph in ONNX Runtime: tensors by name in, tensors by name out. What serves has cards and columns: see `openModel`. */
export class TensorSession {
  private constructor(private readonly session: InferenceSession) {}

  /** Errors: MODEL_REFUSED when ONNX Runtime does not take the graph. */
  static async open(bytes: Uint8Array, { threads = 1 }: SessionOptions = {}): Promise<TensorSession> {
    try {
      return new TensorSession(
        await InferenceSession.create(bytes, {
          intraOpNumThreads: threads,
          interOpNumThreads: 1,
          // A plan of all tensors together takes a third more memory than the arena does as it goes, and is no faster.
          enableMemPattern: false,
          // `all` adds reorders of data, which slow training graphs down.
          graphOptimizationLevel: 'extended',
          logSeverityLevel: 4,
          // Threads that spin for as long as they wait take the cores from those that fill batches: 1.7 times slower on a busy machine.
          // Those that never spin are woken for nearly every operator. So many us span most gaps between two.
          extra: { session: { intra_op: { allow_spinning: '1', spin_duration_us: '50' } } },
        }),
      );
    } catch (cause) {
      throw runtimeError('MODEL_REFUSED', `Graph: ONNX Runtime refused it: ${reason(cause)}`, {}, cause);
    }
  }

  /** Names of what a run takes. */
  get inputs(): readonly string[] {
    return this.session.inputNames;
  }

  /**
   * One run. It blocks the thread for as long as the graph takes. Results by the names of `into` (numbers, no strings) are written there, in place.
   * Errors: MODEL_RUN_FAILED.
   */
  async run(feeds: Tensors, into: Tensors = {}): Promise<Tensors> {
    try {
      const wanted = Object.fromEntries(this.session.outputNames.map((name) => [name, null]));
      const results = await this.session.run(mapped(feeds, runtimeTensor), {
        ...wanted,
        ...mapped(into, runtimeTensor),
      });
      for (const name of Object.keys(into)) release(results[name]!);
      return { ...mapped(results, (result) => houseTensor(result)), ...into };
    } catch (cause) {
      throw runtimeError('MODEL_RUN_FAILED', `Graph: a run failed: ${reason(cause)}`, {}, cause);
    }
  }

  async release(): Promise<void> {
    await this.session.release();
  }
}

/**
 * Gives the memory of a result back at once. The binding copies also what it wrote in place; left to the collector, these copies make it
 * run every few steps of a training, beside the threads that compute, and each comes into memory that is in no cache.
 */
function release({ data }: RuntimeTensor): void {
  if ('buffer' in data && data.buffer instanceof ArrayBuffer) data.buffer.transfer(0);
}

function runtimeTensor({ dtype, shape, data }: Tensor): RuntimeTensor {
  return dtype === 'string' ? new RuntimeTensor(dtype, data, shape) : new RuntimeTensor(dtype, data, shape);
}

function houseTensor({ type, dims, data }: RuntimeTensor): Tensor {
  return { dtype: type as ElementType, shape: dims, data } as Tensor;
}

function mapped<T, R>(entries: Readonly<Record<string, T>>, each: (entry: T) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, each(entry)]));
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
