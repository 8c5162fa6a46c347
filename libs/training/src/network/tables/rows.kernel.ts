import { wasmExports, wasmMemory, wasmModule, type WasmMemory } from '@haat/kit';
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

let compiled: object | undefined;

/** A memory of at least so many bytes, zeros, and the kernel over it. */
export function rowsKernel(bytes: number): { readonly memory: WasmMemory; readonly kernel: RowsKernel } {
  const memory = wasmMemory(bytes);
  compiled ??= wasmModule(rowsKernelCode);
  return { memory, kernel: wasmExports(compiled, memory) as RowsKernel };
}
