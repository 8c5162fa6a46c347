// AssemblyScript, not TypeScript: compiled by "npm run print" to src/model/contacts/ends.kernel.code.ts.
//
// The ends of a bucket of persons, sorted by person and day, and there by the word that names the other one. Addresses are in bytes.

/** Words of a cell that are sorted by counting how many each is above. */
const SHORT: i32 = 32;

/** Sorts the words of a longer cell, from one place to another, by number. */
declare function sortLong(from: i32, to: i32): void;

/**
 * Distributes words by cell, each ascending.
 * @param words uint32 [n], sorted
 * @param bounds int32 [cells + 1], where the words of each cell begin, and the end
 * @param ranks int32 [64], for the kernel itself
 * @param repeated int32 [n], the places of words of the same other person as the one before, in one cell
 * @param cell uint16 [n], below `cells`
 * @param low uint16 [n], the lower bits of each word
 * @param high [n], its upper bits: uint8 if `narrow`, else uint16
 * @param classBits lower bits of a word that do not name a person
 * @returns how many places are repeated
 */
export function sortEnds(
  words: usize,
  bounds: usize,
  ranks: usize,
  repeated: usize,
  cell: usize,
  low: usize,
  high: usize,
  narrow: bool,
  n: i32,
  cells: i32,
  classBits: i32,
): i32 {
  memory.fill(bounds, 0, (<usize>cells + 1) << 2);
  for (let k = 0; k < n; k++) {
    const count = bounds + ((<usize>load<u16>(cell + ((<usize>k) << 1))) << 2);
    store<i32>(count, load<i32>(count) + 1);
  }
  let sum = 0;
  for (let c = 0; c <= cells; c++) {
    const bound = bounds + ((<usize>c) << 2);
    sum += load<i32>(bound);
    store<i32>(bound, sum);
  }
  // Filled from behind: each bound ends where its cell begins.
  for (let k = n - 1; k >= 0; k--) {
    const bound = bounds + ((<usize>load<u16>(cell + ((<usize>k) << 1))) << 2);
    const at = load<i32>(bound) - 1;
    store<i32>(bound, at);
    const upper = narrow ? <u32>load<u8>(high + k) : <u32>load<u16>(high + ((<usize>k) << 1));
    store<u32>(words + ((<usize>at) << 2), (upper << 16) | (<u32>load<u16>(low + ((<usize>k) << 1))));
  }
  let found = 0;
  for (let c = 0; c < cells; c++) {
    const from = load<i32>(bounds + ((<usize>c) << 2));
    const to = load<i32>(bounds + ((<usize>c) << 2), 4);
    if (to - from < 2) continue;
    if (to - from > SHORT) sortLong(from, to);
    else sortShort(words + ((<usize>from) << 2), words + ((<usize>to) << 2), ranks);
    let before = load<u32>(words + ((<usize>from) << 2)) >> classBits;
    for (let k = from + 1; k < to; k++) {
      const person = load<u32>(words + ((<usize>k) << 2)) >> classBits;
      if (person === before) {
        store<i32>(repeated + ((<usize>found) << 2), k);
        found++;
      }
      before = person;
    }
  }
  return found;
}

/** Without branches that depend on the words: each counts how many of those before it are above, and tells them how many are not. */
function sortShort(from: usize, to: usize, ranks: usize): void {
  const offset = ranks - from;
  for (let at = from; at < to; at += 4) {
    const word = load<u32>(at);
    let rank: i32 = 0;
    for (let other = from; other < at; other += 4) {
      const below = <i32>(load<u32>(other) <= word);
      store<i32>(other + offset, load<i32>(other + offset) + 1 - below);
      rank += below;
    }
    store<i32>(at + offset, rank);
  }
  const copy = ranks + 128;
  memory.copy(copy, from, to - from);
  for (let at = from; at < to; at += 4) {
    store<u32>(from + ((<usize>load<i32>(at + offset)) << 2), load<u32>(at + (copy - from)));
  }
}
