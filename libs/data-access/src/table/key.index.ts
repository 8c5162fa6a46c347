const FIRST_SLOTS = 1 << 12;

/**
 * The line on which each key was first seen. Keys are kept as 64-bit hashes in typed arrays (24 to 48 bytes a key instead of some
 * 150 as strings in a Map, and nothing for the garbage collector to visit); among ten million keys the chance that two
 * different ones are taken for the same is 3e-6.
 */
export class KeyIndex {
  #mask = FIRST_SLOTS - 1;
  #low = new Int32Array(FIRST_SLOTS);
  #high = new Int32Array(FIRST_SLOTS);
  /** 0: the slot is free. */
  #line = new Int32Array(FIRST_SLOTS);
  #size = 0;

  /** Answers the line on which the key was seen before; 0 when it was not, and then remembers `line`. */
  add(parts: readonly string[], line: number): number {
    let low = 0x811c9dc5;
    let high = 0x9747b28c;
    for (const part of parts) {
      for (let i = 0; i < part.length; i += 1) {
        const code = part.charCodeAt(i);
        low = Math.imul(low ^ code, 0x01000193);
        high = Math.imul((high ^ code) + ((high << 15) | (high >>> 17)), 0x5bd1e995);
      }
      low = Math.imul(low ^ 0x10000, 0x01000193);
      high = Math.imul(high ^ 0x10000, 0x5bd1e995);
    }
    return this.#insert(mixed(low), mixed(high ^ (low >>> 3)), line);
  }

  #insert(low: number, high: number, line: number): number {
    let slot = (low ^ high) & this.#mask;
    while (this.#line[slot] !== 0) {
      if (this.#low[slot] === low && this.#high[slot] === high) return this.#line[slot]!;
      slot = (slot + 1) & this.#mask;
    }
    this.#low[slot] = low;
    this.#high[slot] = high;
    this.#line[slot] = line;
    this.#size += 1;
    if (this.#size * 2 > this.#mask) this.#grow();
    return 0;
  }

  #grow(): void {
    const [low, high, line] = [this.#low, this.#high, this.#line];
    const slots = line.length * 2;
    this.#mask = slots - 1;
    this.#low = new Int32Array(slots);
    this.#high = new Int32Array(slots);
    this.#line = new Int32Array(slots);
    this.#size = 0;
    for (let slot = 0; slot < line.length; slot += 1) {
      if (line[slot] !== 0) this.#insert(low[slot]!, high[slot]!, line[slot]!);
    }
  }
}

/** The last step of MurmurHash3 (Appleby, public domain): every bit of the input moves every bit of the output. */
function mixed(hash: number): number {
  let h = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) | 0;
}
