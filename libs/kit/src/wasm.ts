/** Memory of a kernel of WebAssembly, in pages of 64 KiB. */
export interface WasmMemory {
  readonly buffer: SharedArrayBuffer;
  /** Grows it by so many pages; views of before stay views of the same memory. */
  grow(pages: number): number;
}

/** What is used of WebAssembly: TypeScript has its types among those of browsers alone. */
declare const WebAssembly: {
  readonly Memory: new (pages: { initial: number; maximum: number; shared: true }) => WasmMemory;
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

/** Bytes of a page. */
export const wasmPage = 65_536;
/** What an address of 32 bits reaches. */
export const mostWasmBytes = 2 ** 32;

/** Memory of at least so many bytes, which may grow. Throws RangeError above 4 GiB. */
export function wasmMemory(bytes: number): WasmMemory {
  const initial = Math.max(1, Math.ceil(bytes / wasmPage));
  return new WebAssembly.Memory({ initial, maximum: mostWasmBytes / wasmPage, shared: true });
}

/** Makes a memory have at least so many bytes; those that it had stay where they are. Throws RangeError above 4 GiB. */
export function growWasmMemory(memory: WasmMemory, bytes: number): void {
  const missing = bytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / wasmPage));
}

/** A kernel's module from its code in base64. */
export function wasmModule(base64: string): object {
  return new WebAssembly.Module(Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)));
}

/** What the module exports over a memory. */
export function wasmExports(
  module: object,
  memory: WasmMemory,
  imports: Readonly<Record<string, Readonly<Record<string, (...numbers: number[]) => number | void>>>> = {},
): unknown {
  return new WebAssembly.Instance(module, { env: { memory }, ...imports }).exports;
}
