import { atStep, belowOne } from '../fast.exp.ts';
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

/** Grows by pages; views of before stay views of the same memory. */
interface SharedMemory {
  readonly buffer: SharedArrayBuffer;
  grow(pages: number): number;
}

/** What is used of WebAssembly: TypeScript has its types among those of browsers alone. */
declare const WebAssembly: {
  readonly Memory: new (pages: { initial: number; maximum: number; shared: true }) => SharedMemory;
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

const PAGE = 65_536;
/** What an address of 32 bits reaches. */
const MOST_PAGES = 65_536;

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
  readonly #memory: SharedMemory;
  #end = 0;

  constructor() {
    this.#memory = new WebAssembly.Memory({ initial: 1, maximum: MOST_PAGES, shared: true });
    compiled ??= new WebAssembly.Module(bytesOf(conditionalKernelCode));
    const exponential = (x: number) => Math.exp(-x);
    const imports = { env: { memory: this.#memory }, 'conditional.kernel': { exponential } };
    this.kernel = new WebAssembly.Instance(compiled, imports).exports as ConditionalKernel;
    this.place([...atStep, ...belowOne]);
  }

  /** An array of so many zeros, or of these numbers; behind it is less than a tile that nobody else has. */
  place(numbers: number | ArrayLike<number>): Placed {
    const length = typeof numbers === 'number' ? numbers : numbers.length;
    const at = this.#end;
    this.#end += tiled(length) * 8;
    const missing = this.#end - this.#memory.buffer.byteLength;
    if (missing > 0) this.#memory.grow(Math.ceil(missing / PAGE));
    const values = new Float64Array(this.#memory.buffer, at, length);
    if (typeof numbers !== 'number') values.set(numbers);
    return { at, values };
  }
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}
