import { atStep, belowOne } from '../fast.exp.ts';
import { growWasmMemory, wasmExports, wasmMemory, wasmModule, type WasmMemory } from '@haat/kit';
import { conditionalKernelCode } from './conditional.kernel.code.ts';

/** What `assembly/conditional.kernel.ts` exports: its comments say what each does. Addresses and sizes as there. */
export interface ConditionalKernel {
  correlate(out: number, x: number, taps: number, length: number, n: number): void;
  survive(
    run: number,
    given: number,
    scale: number,
    factors: number,
    days: number,
    behind: number,
    least: number,
    most: number,
  ): number;
  weigh(
    weight: number,
    incubate: number,
    pressure: number,
    unit: number,
    external: number,
    rate: number,
    infected: number,
    passed: number,
    escape: number,
    caught: number,
    days: number,
  ): number;
  invert(out: number, x: number, n: number): void;
  ratio(out: number, a: number, b: number, c: number, n: number): void;
  multiply(out: number, a: number, b: number, n: number): void;
  multiplyAdd(out: number, a: number, b: number, n: number): void;
  scale(out: number, x: number, factor: number, n: number): void;
  divide(out: number, x: number, by: number, n: number): void;
  fill(at: number, value: number, n: number): void;
}

/** Numbers in the kernel's memory. */
export interface Placed {
  /** Address, bytes. */
  readonly at: number;
  readonly values: Float64Array;
}

/** Numbers that the kernel takes at once, at most. */
const TILE = 8;

let compiled: object | undefined;

/** Rounded up to whole tiles, and one more number at least. */
export function tiled(length: number): number {
  return (Math.floor(length / TILE) + 1) * TILE;
}

/** The kernel over a memory of its own, in which arrays are placed. */
export class KernelMemory {
  readonly kernel: ConditionalKernel;
  readonly #memory: WasmMemory;
  #end = 0;

  constructor() {
    this.#memory = wasmMemory(0);
    compiled ??= wasmModule(conditionalKernelCode);
    const imports = { 'conditional.kernel': { exponential: (x: number) => Math.exp(-x) } };
    this.kernel = wasmExports(compiled, this.#memory, imports) as ConditionalKernel;
    this.place([...atStep, ...belowOne]);
  }

  /** An array of so many zeros, or of these numbers; behind it is less than a tile that nobody else has. */
  place(numbers: number | ArrayLike<number>): Placed {
    const length = typeof numbers === 'number' ? numbers : numbers.length;
    const at = this.#end;
    this.#end += tiled(length) * 8;
    growWasmMemory(this.#memory, this.#end);
    const values = new Float64Array(this.#memory.buffer, at, length);
    if (typeof numbers !== 'number') values.set(numbers);
    return { at, values };
  }
}
