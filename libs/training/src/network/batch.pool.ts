import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { BatchOrder } from './batch.plan.ts';
import { networkError } from './network.errors.ts';
import type { BatchArrays, RowSource } from './row.source.ts';

export interface BatchRequest {
  readonly id: number;
  /** Name of the source. */
  readonly source: string;
  readonly order: BatchOrder;
  /** Over shared memory: what the thread writes is there when it answers. */
  readonly into: BatchArrays;
}

export interface BatchAnswer {
  readonly id: number;
  readonly failure: string | null;
}

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (failure: Error) => void;
}

const program = fileURLToPath(import.meta.resolve('#batch-worker'));

/** Threads that fill batches from named sources. */
export class BatchPool {
  readonly #workers: readonly Worker[];
  readonly #waiting = new Map<number, Waiting>();
  #asked = 0;
  #broken: Error | null = null;

  constructor(
    sources: Readonly<Record<string, RowSource>>,
    { workers, nodeArguments }: { readonly workers: number; readonly nodeArguments?: readonly string[] | undefined },
  ) {
    this.#workers = Array.from({ length: workers }, () => {
      const worker = new Worker(program, {
        workerData: sources,
        ...(nodeArguments && { execArgv: [...nodeArguments] }),
      });
      worker.on('message', (answer: BatchAnswer) => this.#settle(answer));
      worker.on('error', (failure) => this.#break(failure));
      return worker;
    });
  }

  /** Fills `into`. What is asked for while the caller is busy is filled meanwhile. Errors: BATCH_FAILED. */
  async fill(source: string, order: BatchOrder, into: BatchArrays): Promise<void> {
    if (this.#broken) throw this.#broken;
    const id = this.#asked++;
    const filled = new Promise<void>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.#workers[id % this.#workers.length]!.postMessage({ id, source, order, into } satisfies BatchRequest);
    return filled;
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #settle({ id, failure }: BatchAnswer): void {
    const waiting = this.#waiting.get(id)!;
    this.#waiting.delete(id);
    if (failure === null) waiting.resolve();
    else waiting.reject(networkError('BATCH_FAILED', `A batch could not be filled: ${failure}`));
  }

  #break(cause: Error): void {
    this.#broken = networkError('BATCH_FAILED', `A thread that fills batches ended: ${cause.message}`, {}, cause);
    for (const { reject } of this.#waiting.values()) reject(this.#broken);
    this.#waiting.clear();
  }
}
