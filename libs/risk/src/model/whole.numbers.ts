export type WholeNumbers = Uint8Array | Uint16Array | Int32Array;

/** Room for so many whole numbers from 0 to `most`, below 2^31: 0 each, in as few bytes as they need. */
export function wholeNumbers(length: number, most: number): WholeNumbers {
  if (most < 2 ** 8) return new Uint8Array(length);
  return most < 2 ** 16 ? new Uint16Array(length) : new Int32Array(length);
}
