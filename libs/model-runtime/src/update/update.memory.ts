import type { Tensor, Tensors, TrainingStep, UpdateKernel } from '@haat/onnx';
import { givenTensors, updateWork, type UpdateLayout } from './update.layout.ts';
import { PassQueue } from './update.passes.ts';
import { UpdateThreads } from './update.threads.ts';

/** A further thread helps for every so many elements: waking one takes as long as some ten thousand. */
const ELEMENTS_PER_THREAD = 131_072;

/** A step whose parameters a kernel updates. */
export type KernelStep = Pick<TrainingStep, 'initial' | 'optimizer'> & { readonly kernel: UpdateKernel };

/**
 * The memory that a step's kernel works in, and the threads that do. Parameters stand there twice: a call reads one side and writes the
 * other, so that those which a step began from are there until the next one ends. The optimiser's state is changed where it stands.
 */
export class UpdateMemory {
  readonly #layout: UpdateLayout;
  readonly #shapes: ReadonlyMap<string, readonly number[]>;
  readonly #numbers: readonly string[];
  readonly #queue: PassQueue;
  readonly #threads: UpdateThreads;
  /** Where a run of the graph writes what calls read of it. */
  readonly given: Tensors;
  #side: 0 | 1 = 0;

  /** `threads`: how many compute an update, the caller's own among them. Errors: MODEL_REFUSED when it is more than a memory can hold. */
  constructor({ kernel, optimizer, initial }: KernelStep, threads = 1) {
    const { work, layout, numbers } = updateWork(kernel, optimizer);
    const elements = kernel.calls.reduce((sum, { size }) => sum + size, 0);
    this.#layout = layout;
    this.#shapes = new Map([...layout.sides[0].keys()].map((name) => [name, initial[name]!.shape]));
    this.#numbers = numbers;
    this.#queue = new PassQueue(work);
    this.#threads = new UpdateThreads(work, Math.min(threads - 1, Math.floor(elements / ELEMENTS_PER_THREAD)));
    this.given = givenTensors(kernel.calls, layout, initial);
  }

  /** The same tensors where calls find what goes round: those that are not there yet are copied. */
  placed(tensors: Tensors): Tensors {
    const { sides } = this.#layout;
    const [first] = sides[0].keys();
    this.#side = first !== undefined && sides[1].get(first) === tensors[first]!.data ? 1 : 0;
    for (const [name, view] of sides[this.#side]) {
      const { data } = tensors[name]!;
      if (data !== view) view.set(data as Float32Array);
    }
    return { ...tensors, ...this.#read(this.#side) };
  }

  /**
   * Makes what goes round after the step, from what a run wrote into `given` and its other results. Parameters may be read until the
   * step after the next one, the optimiser's state until the next. Errors: MODEL_RUN_FAILED when a thread has ended by itself.
   */
  updated(results: Tensors): Tensors {
    this.#threads.requireAlive();
    this.#queue.open(
      this.#side,
      this.#numbers.map((name) => Number(results[name]!.data[0])),
    );
    this.#queue.help();
    this.#queue.close();
    return this.#read(this.#side === 0 ? 1 : 0);
  }

  /** Ends its threads. */
  async release(): Promise<void> {
    await this.#threads.end();
  }

  #read(side: 0 | 1): Tensors {
    const entries = [...this.#layout.sides[side]].map(([name, data]): [string, Tensor] => [
      name,
      { dtype: 'float32', shape: this.#shapes.get(name)!, data },
    ]);
    return Object.fromEntries(entries);
  }
}
