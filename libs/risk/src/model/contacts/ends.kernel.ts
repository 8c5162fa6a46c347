import { wasmExports, wasmMemory, wasmModule } from '@haat/kit';
import type { ContactEntries } from './contact.entries.ts';
import { endsKernelCode } from './ends.kernel.code.ts';

/** What `assembly/ends.kernel.ts` exports: its comments say what it does. */
interface EndsKernelExports {
  sortEnds(
    words: number,
    bounds: number,
    ranks: number,
    repeated: number,
    cell: number,
    low: number,
    high: number,
    narrow: number,
    n: number,
    cells: number,
    classBits: number,
  ): number;
}

const RANKS_BYTES = 256;

/** Most ends of a bucket: what 4 GiB have room for. */
export const MOST_BUCKET_ENDS = 300_000_000;

let compiled: object | undefined;

/** Sorts the ends of one bucket after the other, in a memory of its own: 14 bytes an end of the largest. */
export class EndsKernel {
  /** [ends]: the words of the bucket, by cell, and ascending there. */
  readonly words: Uint32Array;
  /** [cells + 1]: where the words of each cell begin, and the end. */
  readonly bounds: Int32Array;
  /** The places of words that name the same person as the one before, in one cell: as many as `sort` answers. */
  readonly repeated: Int32Array;
  readonly #cell: Uint16Array;
  readonly #low: Uint16Array;
  readonly #narrow: Uint8Array;
  readonly #wide: Uint16Array;
  readonly #ranks: number;
  readonly #kernel: EndsKernelExports;

  constructor(mostEnds: number, mostCells: number) {
    const memory = wasmMemory(RANKS_BYTES + 14 * mostEnds + 4 * (mostCells + 1));
    const { buffer } = memory;
    this.#ranks = 0;
    this.words = new Uint32Array(buffer, RANKS_BYTES, mostEnds);
    this.bounds = new Int32Array(buffer, behind(this.words), mostCells + 1);
    this.repeated = new Int32Array(buffer, behind(this.bounds), mostEnds);
    this.#cell = new Uint16Array(buffer, behind(this.repeated), mostEnds);
    this.#low = new Uint16Array(buffer, behind(this.#cell), mostEnds);
    this.#wide = new Uint16Array(buffer, behind(this.#low), mostEnds);
    this.#narrow = new Uint8Array(buffer, behind(this.#low), mostEnds);
    compiled ??= wasmModule(endsKernelCode);
    const sortLong = (from: number, to: number) => void this.words.subarray(from, to).sort();
    this.#kernel = wasmExports(compiled, memory, { 'ends.kernel': { sortLong } }) as EndsKernelExports;
  }

  /**
   * Fills `words` and `bounds` from as many ends.
   * @param cell [ends], below `cells`
   * @returns how many places are in `repeated`
   */
  sort({ low, high }: ContactEntries, cell: Uint16Array, cells: number, classBits: number): number {
    const narrow = high.BYTES_PER_ELEMENT === 1;
    this.#cell.set(cell);
    this.#low.set(low);
    (narrow ? this.#narrow : this.#wide).set(high);
    return this.#kernel.sortEnds(
      this.words.byteOffset,
      this.bounds.byteOffset,
      this.#ranks,
      this.repeated.byteOffset,
      this.#cell.byteOffset,
      this.#low.byteOffset,
      this.#narrow.byteOffset,
      Number(narrow),
      cell.length,
      cells,
      classBits,
    );
  }
}

const behind = ({ byteOffset, byteLength }: ArrayBufferView) => byteOffset + byteLength;
