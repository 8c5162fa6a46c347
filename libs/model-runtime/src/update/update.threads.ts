import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { runtimeError } from '../runtime.errors.ts';
import type { UpdateWork } from './update.passes.ts';

const program = fileURLToPath(import.meta.resolve('#update-worker'));

/** Threads that help with the passes of each round, from when they have started until they are ended. */
export class UpdateThreads {
  readonly #workers: readonly Worker[];
  #broken: Error | null = null;
  #running: number;

  constructor(work: UpdateWork, count: number) {
    this.#running = count;
    this.#workers = Array.from({ length: count }, () => {
      const worker = new Worker(program, { workerData: work, execArgv: [] });
      worker.on('error', (failure) => (this.#broken ??= failure));
      worker.on('exit', () => (this.#running -= 1));
      // A program that has nothing else to do may end.
      worker.unref();
      return worker;
    });
  }

  /** How many have not ended. */
  get running(): number {
    return this.#running;
  }

  /** Errors: MODEL_RUN_FAILED when a thread has ended by itself. */
  requireAlive(): void {
    if (this.#broken === null) return;
    const message = `Training step: a thread that updates parameters ended: ${this.#broken.message}`;
    throw runtimeError('MODEL_RUN_FAILED', message, {}, this.#broken);
  }

  async end(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}
