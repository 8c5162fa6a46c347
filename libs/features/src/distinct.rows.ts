/**
 * Gives equal rows one number: `group[i]` of row i in `words` [rows, width], row-major, numbered in order of first
 * appearance, with `first[g]` the first row of group g. Rows are equal when all their 32-bit words are.
 */
export function distinctRows(words: Int32Array, width: number): { group: Int32Array; first: Int32Array } {
  const rows = words.length / width;
  const group = new Int32Array(rows);
  const first: number[] = [];
  const slots = new Int32Array(2 ** Math.ceil(Math.log2(2 * rows + 2))).fill(-1);
  for (let i = 0; i < rows; i++) {
    let slot = hash(words, i * width, width) & (slots.length - 1);
    while (slots[slot] !== -1 && !equal(words, i * width, first[slots[slot]!]! * width, width)) {
      slot = (slot + 1) & (slots.length - 1);
    }
    if (slots[slot] === -1) slots[slot] = first.push(i) - 1;
    group[i] = slots[slot]!;
  }
  return { group, first: Int32Array.from(first) };
}

function hash(words: Int32Array, at: number, width: number): number {
  let h = 0x811c9dc5;
  for (let k = 0; k < width; k++) {
    h = Math.imul(h ^ words[at + k]!, 0x01000193);
    h ^= h >>> 15;
  }
  h = Math.imul(h ^ (h >>> 16), 0x21f0aaad);
  return h ^ (h >>> 15);
}

function equal(words: Int32Array, a: number, b: number, width: number): boolean {
  for (let k = 0; k < width; k++) if (words[a + k] !== words[b + k]) return false;
  return true;
}
