/** Words of 24 or 32 bits, in two parts that each lie in a row: a quarter less where 24 suffice. */
export interface ContactEntries {
  /** The lower 16 bits of each. */
  readonly low: Uint16Array;
  /** The others. */
  readonly high: Uint8Array | Uint16Array;
}

/** The narrowest and the widest words, bits. */
export const [NARROW, WIDE] = [24, 32] as const;
export type EntryBits = typeof NARROW | typeof WIDE;

export function entryAt(low: Uint16Array, high: Uint8Array | Uint16Array, at: number): number {
  return (high[at]! << 16) | low[at]!;
}

/** Room for `length` words of `bits` bits, over shared memory. */
export function contactEntries(length: number, bits: EntryBits): ContactEntries {
  const low = new Uint16Array(new SharedArrayBuffer(length * 2));
  if (bits === NARROW) return { low, high: new Uint8Array(new SharedArrayBuffer(length)) };
  return { low, high: new Uint16Array(new SharedArrayBuffer(length * 2)) };
}

/** The first `length`, without the room behind them where it is worth a copy. */
export function trimmedEntries({ low, high }: ContactEntries, length: number): ContactEntries {
  const kept = { low: low.subarray(0, length), high: high.subarray(0, length) };
  if (length > low.length * 0.9) return kept;
  const copy = contactEntries(length, high.BYTES_PER_ELEMENT === 1 ? NARROW : WIDE);
  copy.low.set(kept.low);
  copy.high.set(kept.high);
  return copy;
}
