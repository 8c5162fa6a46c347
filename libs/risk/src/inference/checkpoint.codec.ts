import type { ChainCheckpoint } from '../model/index.ts';

const types = { Float64Array, Float32Array, Uint32Array } as const;
type TypeName = keyof typeof types;

/** What a chain goes on from, and the states that it keeps as samples: of each [4, persons] as in `state`. */
export interface KeptChain extends ChainCheckpoint {
  readonly samples: Uint8Array;
}

interface Header {
  readonly done: number;
  readonly state: number;
  readonly samples: number;
  readonly sums: readonly (readonly [type: TypeName, length: number])[];
}

/** Where arrays begin: at multiples of eight bytes, so that they can be read where they lie. */
const ALIGNMENT = 8;
const aligned = (at: number) => Math.ceil(at / ALIGNMENT) * ALIGNMENT;

/** What a chain goes on from as bytes: a line of JSON, then the arrays one after the other. The same checkpoint gives the same bytes. */
export function encodeCheckpoint({ done, state, samples, sums }: KeptChain): Uint8Array {
  const header: Header = {
    done,
    state: state.length,
    samples: samples.length,
    sums: sums.map((one) => [nameOf(one), one.length]),
  };
  const text = new TextEncoder().encode(`${JSON.stringify(header)}\n`);
  const arrays = [state, samples, ...sums].map((one) => new Uint8Array(one.buffer, one.byteOffset, one.byteLength));
  const length = arrays.reduce((at, { length: bytes }) => aligned(at) + bytes, text.length);
  const into = new Uint8Array(length);
  into.set(text);
  let at = text.length;
  for (const bytes of arrays) {
    at = aligned(at);
    into.set(bytes, at);
    at += bytes.length;
  }
  return into;
}

export function decodeCheckpoint(bytes: Uint8Array): KeptChain {
  const end = bytes.indexOf(10);
  const { done, state, samples, sums } = JSON.parse(new TextDecoder().decode(bytes.subarray(0, end))) as Header;
  // A copy where the bytes do not lie as arrays must.
  const whole = bytes.byteOffset % ALIGNMENT === 0 ? bytes : bytes.slice();
  let at = end + 1;
  const next = (length: number) => {
    const from = whole.byteOffset + aligned(at);
    at = aligned(at) + length;
    return from;
  };
  return {
    done,
    state: new Uint8Array(whole.buffer, next(state), state),
    samples: new Uint8Array(whole.buffer, next(samples), samples),
    sums: sums.map(([name, length]) => {
      const type = types[name];
      return new type(whole.buffer as ArrayBuffer, next(length * type.BYTES_PER_ELEMENT), length);
    }),
  };
}

function nameOf(array: ChainCheckpoint['sums'][number]): TypeName {
  return array.constructor.name as TypeName;
}
