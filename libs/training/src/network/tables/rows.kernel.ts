import { rowsKernelCode } from './rows.kernel.code.ts';

/** What `assembly/rows.kernel.ts` exports: its comments say what each does. Addresses and sizes as there. */
export interface RowsKernel {
  begin(table: number, rows: number, width: number, bound: number, seed: number, squares: number): void;
  collect(
    ids: number,
    bags: number,
    places: number,
    rows: number,
    isPadded: number,
    padding: bigint,
    from: number,
    row: number,
    first: number,
  ): number;
  pool(
    table: number,
    width: number,
    row: number,
    first: number,
    bags: number,
    isMean: number,
    share: number,
    out: number,
  ): void;
  chain(tokens: number, row: number, next: number, heads: number, size: number): void;
  assign(bags: number, first: number, bagOf: number): void;
  update(
    table: number,
    width: number,
    tokens: number,
    row: number,
    next: number,
    bagOf: number,
    share: number,
    slope: number,
    rate: number,
    epsilon: number,
  ): number;
}

/** Memory in pages of 64 KiB. */
export interface SharedMemory {
  readonly buffer: SharedArrayBuffer;
  /** Grows it by so many pages; views of before stay views of the same memory. */
  grow(pages: number): number;
}

/** What is used of WebAssembly: TypeScript has its types among those of browsers alone. */
declare const WebAssembly: {
  readonly Memory: new (pages: { initial: number; maximum: number; shared: true }) => SharedMemory;
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

/** What an address of 32 bits reaches. */
export const mostPages = 65_536;

let compiled: object | undefined;

/** A memory of so many pages, zeros, and the kernel over it. */
export function rowsKernel(pages: number): { readonly memory: SharedMemory; readonly kernel: RowsKernel } {
  const memory = new WebAssembly.Memory({ initial: pages, maximum: mostPages, shared: true });
  compiled ??= new WebAssembly.Module(Buffer.from(rowsKernelCode, 'base64'));
  return { memory, kernel: new WebAssembly.Instance(compiled, { env: { memory } }).exports as RowsKernel };
}
