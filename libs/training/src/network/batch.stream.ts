import type { Tensor, Tensors, TensorType } from '@haat/onnx';
import type { BatchPlan } from './batch.plan.ts';
import type { BatchPool } from './batch.pool.ts';
import { sharedArray, widthOf, type BatchArray, type BatchArrays, type NumberType } from './row.source.ts';

export interface Batch {
  readonly rows: number;
  readonly tensors: Tensors;
}

interface Ahead {
  readonly rows: number;
  readonly arrays: BatchArrays;
  readonly filled: Promise<void>;
}

export interface StreamOptions {
  readonly source: string;
  readonly plan: BatchPlan;
  /** The inputs that a batch fills, by name. */
  readonly types: Readonly<Record<string, TensorType>>;
  /** Rows of the largest batch. */
  readonly batch: number;
  readonly from: number;
  readonly until: number;
  /** How many batches are filled while one is in use. */
  readonly ahead: number;
}

/** The batches of the steps `from` to `until`, one after the other, filled ahead by the threads of a pool in a ring of shared arrays. */
export class BatchStream {
  readonly #widths: ReadonlyMap<string, number>;
  readonly #ring: readonly BatchArrays[];
  readonly #ahead: Ahead[] = [];
  #next: number;
  #asked: number;
  #waited = 0;

  /** Errors: INVALID_FIT for an input that is no batch of numbers. */
  constructor(
    private readonly pool: BatchPool,
    private readonly options: StreamOptions,
  ) {
    const types = Object.entries(options.types);
    this.#widths = new Map(types.map(([name, type]) => [name, widthOf(name, type)]));
    const arrayOf = (name: string, { dtype }: TensorType) =>
      sharedArray(dtype as NumberType, options.batch * this.#widths.get(name)!);
    this.#ring = Array.from({ length: options.ahead + 1 }, () =>
      Object.fromEntries(types.map(([name, type]) => [name, arrayOf(name, type)])),
    );
    this.#next = this.#asked = options.from;
    this.#ask();
  }

  /** For how long `next` had to wait in all, ms. */
  get waited(): number {
    return this.#waited;
  }

  /** The next batch; the one before is no longer valid. Errors: BATCH_FAILED. */
  async next(): Promise<Batch> {
    const { rows, arrays, filled } = this.#ahead.shift()!;
    const from = performance.now();
    await filled;
    this.#waited += performance.now() - from;
    this.#next++;
    this.#ask();
    const tensors = Object.entries(this.options.types).map(([name, { dtype, shape }]) => {
      const [, ...rest] = shape as readonly number[];
      const data = arrays[name]!;
      const first = rest.reduce((size, each) => (each === 0 ? size : size / each), data.length);
      return [name, { dtype, shape: [first, ...rest], data } as Tensor] as const;
    });
    return { rows, tensors: Object.fromEntries(tensors) };
  }

  /** Asks for what fits into the ring beside the batch in use. */
  #ask(): void {
    const { pool, options } = this;
    // The batch that is in use is the one before `next`.
    while (this.#asked < Math.min(options.until, this.#next + options.ahead)) {
      const order = options.plan.orderOf(this.#asked);
      const slot = this.#ring[this.#asked % this.#ring.length]!;
      const rows = order.rows.length;
      const arrays = Object.fromEntries(
        Object.entries(slot).map(([name, array]) => [
          name,
          array.subarray(0, rows * this.#widths.get(name)!) as BatchArray,
        ]),
      );
      const filled = pool.fill(options.source, order, arrays);
      // It is told to whoever takes this batch; nobody may.
      filled.catch(() => undefined);
      this.#ahead.push({ rows, arrays, filled });
      this.#asked++;
    }
  }
}
