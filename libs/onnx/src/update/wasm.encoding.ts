/** WebAssembly's binary format (core specification 2.0, chapter 5), as far as loops over vectors need it. */
export const types = { i32: 0x7f, f32: 0x7d, v128: 0x7b } as const;
export type WasmType = keyof typeof types;

type Bytes = readonly number[];

/** Instructions, each as bytes. Operands come from the stack. */
export const wasm = {
  get: (local: number): Bytes => [0x20, ...unsigned(local)],
  set: (local: number): Bytes => [0x21, ...unsigned(local)],
  tee: (local: number): Bytes => [0x22, ...unsigned(local)],
  constant: (value: number): Bytes => [0x41, ...signed(value)],
  addInteger: [0x6a] as Bytes,
  below: [0x49] as Bytes,
  loop: (body: Bytes): Bytes => [0x03, 0x40, ...body, 0x0b],
  /** Back to the start of the loop around, when the stack's top is not 0. */
  again: [0x0d, 0x00] as Bytes,
  load: [0xfd, 0x00, 0x04, 0x00] as Bytes,
  store: [0xfd, 0x0b, 0x04, 0x00] as Bytes,
  splat: [0xfd, 0x13] as Bytes,
  float: (value: number): Bytes => [0x43, ...new Uint8Array(new Float32Array([value]).buffer)],
  negate: [0xfd, 0xe1, 0x01] as Bytes,
  squareRoot: [0xfd, 0xe3, 0x01] as Bytes,
  add: [0xfd, 0xe4, 0x01] as Bytes,
  subtract: [0xfd, 0xe5, 0x01] as Bytes,
  multiply: [0xfd, 0xe6, 0x01] as Bytes,
  divide: [0xfd, 0xe7, 0x01] as Bytes,
} as const;

export interface WasmFunction {
  readonly name: string;
  readonly parameters: readonly WasmType[];
  /** Types of its own variables, which follow the parameters. */
  readonly locals: readonly WasmType[];
  readonly body: Bytes;
}

/** The most pages of 64 KiB that a memory can have. */
const MOST_PAGES = 65_536;

/** A module that takes its memory, which threads share, as `env.memory` and gives the functions by their names; none returns anything. */
export function wasmModule(functions: readonly WasmFunction[]): Uint8Array {
  const each = (encode: (one: WasmFunction, index: number) => Bytes) => vector(functions.map(encode));
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(
      1,
      each(({ parameters }) => [0x60, ...vector(parameters.map((type) => [types[type]])), 0x00]),
    ),
    ...section(2, vector([[...name('env'), ...name('memory'), 0x02, 0x03, 0x01, ...unsigned(MOST_PAGES)]])),
    ...section(
      3,
      each((_, index) => unsigned(index)),
    ),
    ...section(
      7,
      each((one, index) => [...name(one.name), 0x00, ...unsigned(index)]),
    ),
    ...section(
      10,
      each(({ locals, body }) => sized([...vector(locals.map((type) => [1, types[type]])), ...body, 0x0b])),
    ),
  ]);
}

function section(id: number, content: Bytes): Bytes {
  return [id, ...sized(content)];
}

function sized(content: Bytes): Bytes {
  return [...unsigned(content.length), ...content];
}

function vector(items: readonly Bytes[]): Bytes {
  return [...unsigned(items.length), ...items.flat()];
}

function name(text: string): Bytes {
  return sized([...new TextEncoder().encode(text)]);
}

/** LEB128, seven bits a byte. */
function unsigned(value: number): Bytes {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

function signed(value: number): Bytes {
  const rest = value >> 7;
  const last = (rest === 0 && (value & 0x40) === 0) || (rest === -1 && (value & 0x40) !== 0);
  return last ? [value & 0x7f] : [(value & 0x7f) | 0x80, ...signed(rest)];
}
