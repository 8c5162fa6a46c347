import type { ContactColumns } from '../../contract/index.ts';
import type { ExposureClasses } from './exposure.classes.ts';

/** Cells that are sorted by insertion; longer ones by the library. */
const SHORT = 32;

/** Ends of a bucket: what counting sort visits at random stays in the processor's cache. */
const BUCKET_ENDS = 2 ** 17;

/** The ends of contacts of a range of persons, on their way into the index: gathered by buckets of few persons, then sorted bucket by bucket. */
export class ContactBatch {
  readonly #first: number;
  readonly #last: number;
  readonly #days: number;
  /** Person and day of each end, as a number within the batch. */
  readonly #cell: Uint32Array;
  readonly #entry: Uint32Array;
  /** Bucket of each person of the range. */
  readonly #bucket: Uint16Array;
  /** First person of each bucket, within the range, and the range's size. */
  readonly #persons: number[] = [];
  /** Where the ends of each bucket begin, and where the next one goes. */
  readonly #begin: number[] = [];
  readonly #next: Int32Array;

  /** @param ends how many ends each person has; the batch takes persons from `first` to before `last` */
  constructor(first: number, last: number, days: number, ends: Uint32Array) {
    this.#first = first;
    this.#last = last;
    this.#days = days;
    this.#bucket = new Uint16Array(last - first);
    let size = 0;
    for (let person = first; person < last; person++) {
      if (person === first || size + ends[person]! - this.#begin.at(-1)! > BUCKET_ENDS) {
        this.#persons.push(person - first);
        this.#begin.push(size);
      }
      this.#bucket[person - first] = this.#persons.length - 1;
      size += ends[person]!;
    }
    this.#next = Int32Array.from(this.#begin);
    this.#persons.push(last - first);
    this.#cell = new Uint32Array(size);
    this.#entry = new Uint32Array(size);
  }

  gather(columns: ContactColumns, classBits: number, classes: ExposureClasses): void {
    const { rows, from, to, day, channel, count, mutual } = columns;
    const [first, last, days, cell, entry] = [this.#first, this.#last, this.#days, this.#cell, this.#entry];
    const [bucket, next] = [this.#bucket, this.#next];
    let known = -1;
    let exposure = 0;
    let returned = 0;
    for (let row = 0; row < rows; row++) {
      const a = from[row]!;
      const b = to[row]!;
      const fromHere = a >= first && a < last;
      const toHere = b >= first && b < last;
      const on = day[row]!;
      if (!(fromHere || toHere) || on >= days - 1) continue;
      const kind = (mutual[row]! * 256 + channel[row]!) * 65_536 + count[row]!;
      if (kind !== known) {
        exposure = classes.of(channel[row]!, count[row]!, mutual[row]!);
        returned = classes.mirror(exposure);
        known = kind;
      }
      if (fromHere) {
        const at = next[bucket[a - first]!]!++;
        cell[at] = (a - first) * days + on;
        entry[at] = ((b << classBits) | exposure) >>> 0;
      }
      if (toHere) {
        const at = next[bucket[b - first]!]!++;
        cell[at] = (b - first) * days + on;
        entry[at] = ((a << classBits) | returned) >>> 0;
      }
    }
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
    let written = base;
    let mostOnADay = 0;
    for (let bucket = 0; bucket < this.#begin.length; bucket++) {
      const [from, to] = [this.#begin[bucket]!, this.#next[bucket]!];
      const sorted = new Uint32Array(to - from);
      const bounds = this.#sortBucket(bucket, from, to, sorted);
      const offset = (this.#first + this.#persons[bucket]!) * this.#days;
      for (let cell = 0; cell + 1 < bounds.length; cell++) {
        start[offset + cell] = written;
        sortRange(sorted, bounds[cell]!, bounds[cell + 1]!);
        const end = mergeRange(sorted, bounds[cell]!, bounds[cell + 1]!, entries, written, classBits, classes);
        mostOnADay = Math.max(mostOnADay, end - written);
        written = end;
      }
    }
    return { written, mostOnADay };
  }

  /** Sorts a bucket's ends by person and day; @returns where each person and day begins, and the end */
  #sortBucket(bucket: number, from: number, to: number, sorted: Uint32Array): Int32Array {
    const [cell, entry] = [this.#cell, this.#entry];
    const offset = this.#persons[bucket]! * this.#days;
    const bounds = new Int32Array((this.#persons[bucket + 1]! - this.#persons[bucket]!) * this.#days + 1);
    for (let k = from; k < to; k++) bounds[cell[k]! - offset]!++;
    let at = 0;
    for (let place = 0; place < bounds.length; place++) at = bounds[place]! += at;
    // Filled from behind: each bound ends where its cell begins.
    for (let k = to - 1; k >= from; k--) sorted[--bounds[cell[k]! - offset]!] = entry[k]!;
    return bounds;
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

/** Appends the entries of a cell to `entries` at `into`, those of one person as one. */
function mergeRange(
  sorted: Uint32Array,
  from: number,
  to: number,
  entries: Uint32Array,
  into: number,
  classBits: number,
  classes: ExposureClasses,
): number {
  const mask = 2 ** classBits - 1;
  let end = into;
  for (let k = from; k < to; k++) {
    const entry = sorted[k]!;
    const before = end > into ? entries[end - 1]! : 0;
    if (end > into && entry >>> classBits === before >>> classBits) {
      const sum = classes.sum(before & mask, entry & mask);
      entries[end - 1] = (((before >>> classBits) << classBits) | sum) >>> 0;
    } else entries[end++] = entry;
  }
  return end;
}
