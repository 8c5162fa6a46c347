import { growWasmMemory, mostWasmBytes, wasmPage, type WasmMemory } from '@haat/kit';
import type { BagOptions, TableStart } from '@haat/onnx';
import { networkError } from '../network.errors.ts';
import { rowsKernel, type RowsKernel } from './rows.kernel.ts';

/** Bags to fill: the ids [bags, places] of each batch input, row-major. */
export interface BagRequest extends BagOptions {
  readonly ids: BigInt64Array;
  /** Of the batch; 1 or more. */
  readonly bags: number;
  /** What the ids are called in messages. */
  readonly of: string;
}

/**
 * One table with its sums of squares in memory of its own, row beside row. A step is `pool`, then `update`; both take as long as the
 * rows that they touch, whatever the size of the table.
 */
export class RowTable {
  readonly #memory: WasmMemory;
  readonly #kernel: RowsKernel;
  readonly #bytes: number;
  #desk = deskAt(0, 0, 0, 1);
  #used = { tokens: 0, bags: 0 };

  /** As the table begins. Errors: INVALID_FIT for one that does not fit into 4 GiB. */
  constructor(
    name: string,
    private readonly start: TableStart,
    squares: number,
  ) {
    const { rows, width } = start;
    this.#bytes = 8 * rows * width;
    if (!(this.#bytes + 2 * wasmPage < mostWasmBytes)) {
      const message = `Table "${name}": expected at most 4 GiB of rows and sums of squares, got [${rows}, ${width}]`;
      throw networkError('INVALID_FIT', message, { name, rows, width });
    }
    ({ memory: this.#memory, kernel: this.#kernel } = rowsKernel(this.#bytes + wasmPage));
    this.#kernel.begin(0, rows, width, start.bound, start.seed, squares);
  }

  /** The rows of each request summed or averaged: [bags, width] each. Errors: UNKNOWN_ROW. */
  pool(requests: readonly BagRequest[]): readonly Float32Array[] {
    const { rows, width } = this.start;
    const total = (of: (request: BagRequest) => number) => requests.reduce((sum, request) => sum + of(request), 0);
    const bags = total((request) => request.bags);
    this.#sizeDesk(
      total(({ ids }) => ids.length),
      bags,
    );
    const { ids, row, first, share, pooled } = this.#desk;
    const starts = new Int32Array(this.#memory.buffer, first, bags + 1);
    const seen = new BigInt64Array(this.#memory.buffer, ids, this.#desk.tokens);
    let [token, bag] = [0, 0];
    const filled = requests.map((request) => {
      const places = request.ids.length / request.bags;
      seen.set(request.ids);
      const isPadded = Number(request.padding !== undefined);
      const padding = BigInt(request.padding ?? 0);
      const own = first + 4 * bag;
      const strange = this.#kernel.collect(ids, request.bags, places, rows, isPadded, padding, token, row, own);
      if (strange >= 0) throw unknownRow(request, strange, places, rows);
      const isMean = Number(request.pooling !== 'sum');
      const out = pooled + 4 * bag * width;
      this.#kernel.pool(0, width, row, own, request.bags, isMean, share + 4 * bag, out);
      bag += request.bags;
      token = starts[bag]!;
      return new Float32Array(this.#memory.buffer, out, request.bags * width).slice();
    });
    this.#used = { tokens: token, bags };
    return filled;
  }

  /** One step for the rows that were pooled last, by the slopes of their bags. Whether all is finite still. */
  update(
    slopes: readonly Float32Array[],
    { rate, epsilon }: { readonly rate: number; readonly epsilon: number },
  ): boolean {
    const { tokens, bags } = this.#used;
    const { row, first, share, next, bagOf, heads, size, pooled } = this.#desk;
    const { width } = this.start;
    // The slopes take the place of what they are slopes of.
    const at = new Float32Array(this.#memory.buffer, pooled, bags * width);
    let from = 0;
    for (const slope of slopes) {
      at.set(slope, from);
      from += slope.length;
    }
    this.#kernel.chain(tokens, row, next, heads, size);
    this.#kernel.assign(bags, first, bagOf);
    return this.#kernel.update(0, width, tokens, row, next, bagOf, share, pooled, rate, epsilon) === 1;
  }

  /** A copy of the rows, [rows, width]. */
  rows(): Float32Array {
    return this.#half(0);
  }

  /** A copy of the sums of squares, [rows, width]. */
  squares(): Float32Array {
    return this.#half(1);
  }

  /** Takes over what `rows` and `squares` gave; without the latter those of now stay. */
  load(rows: Float32Array, squares?: Float32Array): void {
    const { width } = this.start;
    const numbers = this.#numbers();
    for (let from = 0, at = 0; from < rows.length; from += width, at += 2 * width) {
      numbers.set(rows.subarray(from, from + width), at);
      if (squares) numbers.set(squares.subarray(from, from + width), at + width);
    }
  }

  #half(which: 0 | 1): Float32Array {
    const { rows, width } = this.start;
    const numbers = this.#numbers();
    const half = new Float32Array(rows * width);
    for (let to = 0, at = which * width; to < half.length; to += width, at += 2 * width) {
      half.set(numbers.subarray(at, at + width), to);
    }
    return half;
  }

  #numbers(): Float32Array {
    const { rows, width } = this.start;
    return new Float32Array(this.#memory.buffer, 0, 2 * rows * width);
  }

  /** Room for a batch behind the table. */
  #sizeDesk(tokens: number, bags: number): void {
    if (tokens <= this.#desk.tokens && bags <= this.#desk.bags) return;
    const [most, mostBags] = [Math.max(tokens, this.#desk.tokens), Math.max(bags, this.#desk.bags)];
    this.#desk = deskAt(this.#bytes, most, mostBags, this.start.width);
    growWasmMemory(this.#memory, this.#desk.end);
  }
}

/** Where the kernel works on a batch: addresses, and for how much there is room. */
function deskAt(from: number, tokens: number, bags: number, width: number) {
  const size = 2 ** Math.ceil(Math.log2(2 * tokens + 2));
  let end = Math.ceil(from / 16) * 16;
  const take = (bytes: number) => {
    const at = end;
    end += Math.ceil(bytes / 16) * 16;
    return at;
  };
  return {
    tokens,
    bags,
    size,
    ids: take(8 * tokens),
    row: take(4 * tokens),
    next: take(4 * tokens),
    bagOf: take(4 * tokens),
    heads: take(4 * size),
    first: take(4 * (bags + 1)),
    share: take(4 * bags),
    pooled: take(4 * bags * width),
    end,
  };
}

function unknownRow({ ids, of }: BagRequest, place: number, places: number, rows: number) {
  const [bag, at, got] = [Math.floor(place / places), place % places, String(ids[place])];
  const message = `Input "${of}": place ${at} of row ${bag} of the batch: expected an id from 0 to ${rows - 1}, got ${got}`;
  return networkError('UNKNOWN_ROW', message, { input: of, row: bag, place: at, got });
}
