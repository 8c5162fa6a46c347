import type { Tensor, Tensors, UpdateCall, UpdateKernel, UpdateSource } from '@haat/onnx';
import { runtimeError } from './runtime.errors.ts';

type Entry = (...args: readonly number[]) => void;

/** Where tensors begin, in bytes: a multiple of a cache line. */
const ALIGNMENT = 64;
const PAGE = 65_536;
const MOST_PAGES = 65_536;

/**
 * The memory that a step's kernel works in. What goes round stands there twice: a call reads one side and writes the other, so that
 * what a step began from is there until the next one ends.
 */
export class UpdateMemory {
  readonly #entries: Readonly<Record<string, Entry>>;
  readonly #calls: readonly UpdateCall[];
  readonly #sides: readonly [ReadonlyMap<string, Float32Array>, ReadonlyMap<string, Float32Array>];
  readonly #given: ReadonlyMap<string, Float32Array>;
  /** Where a run of the graph writes what calls read of it. */
  readonly given: Tensors;
  readonly #shapes: ReadonlyMap<string, readonly number[]>;
  #side = 0;

  /** Errors: MODEL_REFUSED when it is more than a memory can hold. */
  constructor({ module, calls }: UpdateKernel, initial: Tensors) {
    const kept = new Map<string, number>();
    const given = new Map<string, number>();
    for (const { size, reads, writes } of calls) {
      for (const name of writes) kept.set(name, size);
      for (const source of reads) {
        if ('kept' in source) kept.set(source.kept, size);
        else given.set(source.given, size);
      }
    }
    const bytes = (sizes: ReadonlyMap<string, number>) =>
      [...sizes.values()].reduce((sum, size) => sum + padded(size), 0);
    const pages = Math.ceil((ALIGNMENT + 2 * bytes(kept) + bytes(given)) / PAGE);
    if (pages > MOST_PAGES) {
      const message = `Training step: expected at most 4 GiB of parameters and state for its kernel, got ${pages} pages of 64 KiB; update them in the graph`;
      throw runtimeError('MODEL_REFUSED', message, { pages });
    }
    const memory = new WebAssembly.Memory({ initial: pages });
    // Address 0 stays free.
    let at = ALIGNMENT;
    const placed = (sizes: ReadonlyMap<string, number>) =>
      new Map(
        [...sizes].map(([name, size]) => {
          const view = new Float32Array(memory.buffer, at, size);
          at += padded(size);
          return [name, view];
        }),
      );
    this.#sides = [placed(kept), placed(kept)];
    this.#given = placed(given);
    this.#calls = calls;
    this.#shapes = new Map([...kept.keys()].map((name) => [name, initial[name]!.shape]));
    this.given = Object.fromEntries(
      calls.flatMap(({ reads, writes }) =>
        reads.flatMap((source): [string, Tensor][] => {
          if ('kept' in source) return [];
          const { shape } = initial[writes[0]!]!;
          return [[source.given, { dtype: 'float32', shape, data: this.#given.get(source.given)! }]];
        }),
      ),
    );
    const instance = new WebAssembly.Instance(new WebAssembly.Module(module as Uint8Array<ArrayBuffer>), {
      env: { memory },
    });
    this.#entries = instance.exports as Record<string, Entry>;
  }

  /** The same tensors where calls find what goes round: those that are not there yet are copied. */
  placed(tensors: Tensors): Tensors {
    const [first] = this.#sides[0].keys();
    this.#side = first !== undefined && this.#sides[1].get(first) === tensors[first]!.data ? 1 : 0;
    for (const [name, view] of this.#sides[this.#side]!) {
      const { data } = tensors[name]!;
      if (data !== view) view.set(data as Float32Array);
    }
    return { ...tensors, ...this.#read(this.#side) };
  }

  /** Makes what goes round after the step, from what a run wrote into `given` and its other results. It may be read until the step after the next one. */
  updated(results: Tensors): Tensors {
    const [before, after] = [this.#sides[this.#side]!, this.#sides[1 - this.#side]!];
    const source = (from: UpdateSource) => ('kept' in from ? before.get(from.kept)! : this.#given.get(from.given)!);
    for (const { entry, size, reads, writes, numbers } of this.#calls) {
      this.#entries[entry]!(
        4 * size,
        ...reads.map((from) => source(from).byteOffset),
        ...writes.map((name) => after.get(name)!.byteOffset),
        ...numbers.map((name) => Number(results[name]!.data[0])),
      );
    }
    return this.#read(1 - this.#side);
  }

  #read(side: number): Tensors {
    const entries = [...this.#sides[side]!].map(([name, data]): [string, Tensor] => [
      name,
      { dtype: 'float32', shape: this.#shapes.get(name)!, data },
    ]);
    return Object.fromEntries(entries);
  }
}

function padded(size: number): number {
  return Math.ceil((4 * size) / ALIGNMENT) * ALIGNMENT;
}
