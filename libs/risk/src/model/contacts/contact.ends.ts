import type { ContactColumns } from '../../contract/index.ts';
import type { ExposureClasses } from './exposure.classes.ts';

/** Cells that are sorted by insertion; longer ones by the library. */
const SHORT = 32;

/** Persons and days of a bucket: some ten ends each stay in the processor's cache while they are sorted, and the number of one has 16 bits. */
const BUCKET_CELLS = 2 ** 15;

/** What the ends became. */
export interface SortedEnds {
  /** Where the entries end. */
  readonly written: number;
  /** Most entries of a person and day. */
  readonly most: number;
}

/**
 * The ends of all contacts on their way into the index: counted by buckets of as many persons, then gathered where the index will lie, then sorted bucket by
 * bucket. 4 bytes of the index and 2 more an end.
 */
export class ContactEnds {
  readonly #persons: number;
  readonly #days: number;
  /** The bucket of a person is its number, shifted right by these bits. */
  readonly #shift: number;
  /** Where the ends of each bucket begin, and the end. */
  readonly #begin: Int32Array;
  /** How many ends each bucket has; then where its next one goes. */
  readonly #next: Int32Array;
  #entries: Uint32Array = new Uint32Array();
  /** Person and day of each end, as a number within its bucket; none after sorting. */
  #cell: Uint16Array<ArrayBuffer> = new Uint16Array();

  constructor(persons: number, days: number, cells = BUCKET_CELLS) {
    this.#persons = persons;
    this.#days = days;
    this.#shift = Math.max(0, Math.floor(Math.log2(cells / days)));
    const buckets = Math.ceil(persons / 2 ** this.#shift);
    this.#begin = new Int32Array(buckets + 1);
    this.#next = new Int32Array(buckets);
  }

  count({ rows, from, to, day }: ContactColumns): void {
    const [shift, next, last] = [this.#shift, this.#next, this.#days - 1];
    for (let row = 0; row < rows; row++) {
      if (day[row]! >= last) continue;
      next[from[row]! >>> shift]!++;
      next[to[row]! >>> shift]!++;
    }
  }

  /** Ends that were counted. */
  get total(): number {
    return this.#next.reduce((sum, count) => sum + count, 0);
  }

  /** @param entries memory for all that were counted */
  placeIn(entries: Uint32Array): void {
    this.#entries = entries;
    this.#cell = new Uint16Array(entries.length);
    const [begin, next] = [this.#begin, this.#next];
    for (let bucket = 0; bucket < next.length; bucket++) {
      begin[bucket + 1] = begin[bucket]! + next[bucket]!;
      next[bucket] = begin[bucket]!;
    }
  }

  gather(columns: ContactColumns, classBits: number, classes: ExposureClasses): void {
    const { rows, from, to, day, channel, count, mutual } = columns;
    const [days, cell, entries, shift, next] = [this.#days, this.#cell, this.#entries, this.#shift, this.#next];
    const within = 2 ** shift - 1;
    let known = -1;
    let exposure = 0;
    let returned = 0;
    for (let row = 0; row < rows; row++) {
      const on = day[row]!;
      if (on >= days - 1) continue;
      const kind = (mutual[row]! * 256 + channel[row]!) * 65_536 + count[row]!;
      if (kind !== known) {
        exposure = classes.of(channel[row]!, count[row]!, mutual[row]!);
        returned = classes.mirror(exposure);
        known = kind;
      }
      const a = from[row]!;
      const b = to[row]!;
      const atA = next[a >>> shift]!++;
      cell[atA] = (a & within) * days + on;
      entries[atA] = (b << classBits) | exposure;
      const atB = next[b >>> shift]!++;
      cell[atB] = (b & within) * days + on;
      entries[atB] = (a << classBits) | returned;
    }
  }

  /** Sorts all ends in their place, once: entries of one pair and day merged. Fills `start`, [persons * days]. */
  sort(start: Int32Array, classBits: number, classes: ExposureClasses): SortedEnds {
    const entries = this.#entries;
    const days = this.#days;
    let written = 0;
    let most = 0;
    for (let bucket = 0; bucket < this.#next.length; bucket++) {
      const [sorted, bounds] = this.#sortBucket(bucket);
      const offset = bucket * 2 ** this.#shift * days;
      for (let cell = 0; cell + 1 < bounds.length; cell++) {
        start[offset + cell] = written;
        sortRange(sorted, bounds[cell]!, bounds[cell + 1]!);
        const end = mergeRange(sorted, bounds[cell]!, bounds[cell + 1]!, entries, written, classBits, classes);
        most = Math.max(most, end - written);
        written = end;
      }
    }
    // Given back at once: a collector that has nothing else to do may leave them for the whole run.
    this.#cell = new Uint16Array(this.#cell.buffer.transfer(0));
    return { written, most };
  }

  /** A copy of a bucket's ends by person and day; where each person and day begins, and the end. */
  #sortBucket(bucket: number): readonly [sorted: Uint32Array, bounds: Int32Array] {
    const [cell, entries] = [this.#cell, this.#entries];
    const [from, to] = [this.#begin[bucket]!, this.#begin[bucket + 1]!];
    const sorted = new Uint32Array(to - from);
    const persons = Math.min(2 ** this.#shift, this.#persons - bucket * 2 ** this.#shift);
    const bounds = new Int32Array(persons * this.#days + 1);
    for (let k = from; k < to; k++) bounds[cell[k]!]!++;
    let at = 0;
    for (let place = 0; place < bounds.length; place++) at = bounds[place]! += at;
    // Filled from behind: each bound ends where its cell begins.
    for (let k = to - 1; k >= from; k--) sorted[--bounds[cell[k]!]!] = entries[k]!;
    return [sorted, bounds];
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
