/** Grows by pages; views of before stay views of the same memory. */
export interface SharedMemory {
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

/** Memory of at least so many bytes, which may grow. */
export function kernelMemory(bytes: number): SharedMemory {
  const initial = Math.max(1, Math.ceil(bytes / PAGE));
  return new WebAssembly.Memory({ initial, maximum: MOST_PAGES, shared: true });
}

/** Makes a memory have at least so many bytes. */
export function growTo(memory: SharedMemory, bytes: number): void {
  const missing = bytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
}

/** A kernel's module from its code in base64. */
export function kernelModule(base64: string): object {
  return new WebAssembly.Module(Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)));
}

/** What the module exports over a memory. */
export function kernelExports(
  module: object,
  memory: SharedMemory,
  imports: Readonly<Record<string, Readonly<Record<string, (...numbers: number[]) => number | void>>>>,
): unknown {
  return new WebAssembly.Instance(module, { env: { memory }, ...imports }).exports;
}
