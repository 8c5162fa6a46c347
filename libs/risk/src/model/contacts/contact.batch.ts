import type { ContactColumns } from '../../contract/index.ts';
import type { ExposureClasses } from './exposure.classes.ts';

/** Cells that are sorted by insertion; longer ones by the library. */
const SHORT = 32;

/** The ends of contacts of a range of persons, on their way into the index. */
export class ContactBatch {
  readonly #first: number;
  readonly #last: number;
  readonly #days: number;
  /** Person and day of each end, as a number within the batch. */
  readonly #cell: Uint32Array;
  readonly #entry: Uint32Array;
  #size = 0;

  /** @param size how many ends the persons from `first` to before `last` have */
  constructor(first: number, last: number, days: number, size: number) {
    this.#first = first;
    this.#last = last;
    this.#days = days;
    this.#cell = new Uint32Array(size);
    this.#entry = new Uint32Array(size);
  }

  gather(columns: ContactColumns, classBits: number, classes: ExposureClasses): void {
    const { rows, from, to, day, channel, count, mutual } = columns;
    const [first, last, days, cell, entry] = [this.#first, this.#last, this.#days, this.#cell, this.#entry];
    let size = this.#size;
    for (let row = 0; row < rows; row++) {
      const a = from[row]!;
      const b = to[row]!;
      const fromHere = a >= first && a < last;
      const toHere = b >= first && b < last;
      const on = day[row]!;
      if (!(fromHere || toHere) || on >= days - 1) continue;
      const exposure = classes.of(channel[row]!, count[row]!);
      if (fromHere) {
        cell[size] = (a - first) * days + on;
        entry[size++] = ((b << classBits) | exposure) >>> 0;
      }
      if (toHere) {
        cell[size] = (b - first) * days + on;
        entry[size++] = ((a << classBits) | (mutual[row] === 1 ? exposure : 0)) >>> 0;
      }
    }
    this.#size = size;
  }

  /**
   * Sorts the ends into `entries` from `base` on, entries of one pair and day merged, and fills the persons' part of `start`.
   * @returns where the entries end, and the most entries of a person and day
   */
  sortInto(
    entries: Uint32Array,
    start: Int32Array,
    base: number,
    classBits: number,
    classes: ExposureClasses,
  ): { readonly written: number; readonly mostOnADay: number } {
    const cells = (this.#last - this.#first) * this.#days;
    const next = new Uint32Array(cells + 1);
    for (let k = 0; k < this.#size; k++) next[this.#cell[k]! + 1]!++;
    for (let cell = 0, at = base; cell <= cells; cell++) next[cell] = at += next[cell]!;
    const bounds = next.slice();
    for (let k = 0; k < this.#size; k++) entries[next[this.#cell[k]!]!++] = this.#entry[k]!;
    let written = base;
    let mostOnADay = 0;
    const offset = this.#first * this.#days;
    for (let cell = 0; cell < cells; cell++) {
      start[offset + cell] = written;
      sortRange(entries, bounds[cell]!, bounds[cell + 1]!);
      const end = mergeRange(entries, bounds[cell]!, bounds[cell + 1]!, written, classBits, classes);
      mostOnADay = Math.max(mostOnADay, end - written);
      written = end;
    }
    return { written, mostOnADay };
  }
}

function sortRange(entries: Uint32Array, from: number, to: number): void {
  if (to - from > SHORT) {
    entries.subarray(from, to).sort();
    return;
  }
  for (let k = from + 1; k < to; k++) {
    const entry = entries[k]!;
    let at = k;
    while (at > from && entries[at - 1]! > entry) {
      entries[at] = entries[at - 1]!;
      at--;
    }
    entries[at] = entry;
  }
}

/** Writes the entries of a cell from `into` on, those of one person as one; `into` is never behind what is still to be read. */
function mergeRange(
  entries: Uint32Array,
  from: number,
  to: number,
  into: number,
  classBits: number,
  classes: ExposureClasses,
): number {
  const mask = 2 ** classBits - 1;
  let end = into;
  for (let k = from; k < to; k++) {
    const entry = entries[k]!;
    const before = end > into ? entries[end - 1]! : 0;
    if (end > into && entry >>> classBits === before >>> classBits) {
      const sum = classes.sum(before & mask, entry & mask);
      entries[end - 1] = (((before >>> classBits) << classBits) | sum) >>> 0;
    } else entries[end++] = entry;
  }
  return end;
}
