import type { ContactColumns } from '../../contract/index.ts';
import { contactEntries, entryAt, NARROW, type ContactEntries } from './contact.entries.ts';
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
 * bucket. 2 bytes an end beside the index.
 */
export class ContactEnds {
  readonly #persons: number;
  readonly #days: number;
  /** The bucket of a person is its number, shifted right by these bits. */
  readonly #shift: number;
  /** [buckets]: ends of each. */
  readonly #counts: Int32Array;
  /** [buckets]: where its next end goes; when all are gathered: where it ends. */
  readonly #next: Int32Array;
  #entries: ContactEntries = contactEntries(0, NARROW);
  /** Person and day of each end, as a number within its bucket; none after sorting. */
  #cell: Uint16Array<ArrayBuffer> = new Uint16Array();
  /** Ends of the bucket that is sorted, by person and day; where those of each begin, and the end. */
  #sorted: Uint32Array = new Uint32Array();
  readonly #bounds: Int32Array;

  constructor(persons: number, days: number, cells = BUCKET_CELLS) {
    this.#persons = persons;
    this.#days = days;
    this.#shift = Math.max(0, Math.floor(Math.log2(cells / days)));
    const buckets = Math.ceil(persons / 2 ** this.#shift);
    this.#counts = new Int32Array(buckets);
    this.#next = new Int32Array(buckets);
    this.#bounds = new Int32Array(2 ** this.#shift * days + 1);
  }

  /** @param kinds is told what each row can do */
  count({ rows, from, to, day, channel, count, mutual }: ContactColumns, kinds: ExposureClasses): void {
    const [shift, counts, last] = [this.#shift, this.#counts, this.#days - 1];
    let known = -1;
    for (let row = 0; row < rows; row++) {
      if (day[row]! >= last) continue;
      counts[from[row]! >>> shift]!++;
      counts[to[row]! >>> shift]!++;
      const kind = kindOf(channel[row]!, count[row]!, mutual[row]!);
      if (kind !== known) kinds.of(channel[row]!, count[row]!, mutual[row]!);
      known = kind;
    }
  }

  /** Ends that were counted. */
  get total(): number {
    return this.#counts.reduce((sum, count) => sum + count, 0);
  }

  /** @param entries memory for all that were counted */
  placeIn(entries: ContactEntries): void {
    this.#entries = entries;
    this.#cell = new Uint16Array(entries.low.length);
    this.#sorted = new Uint32Array(this.#counts.reduce((most, count) => Math.max(most, count), 0));
    let begin = 0;
    for (let bucket = 0; bucket < this.#next.length; bucket++) {
      this.#next[bucket] = begin;
      begin += this.#counts[bucket]!;
    }
  }

  gather(columns: ContactColumns, classBits: number, classes: ExposureClasses): void {
    const { rows, from, to, day, channel, count, mutual } = columns;
    const [days, cell, shift, next] = [this.#days, this.#cell, this.#shift, this.#next];
    const { low, high } = this.#entries;
    const within = 2 ** shift - 1;
    let known = -1;
    let exposure = 0;
    let returned = 0;
    for (let row = 0; row < rows; row++) {
      const on = day[row]!;
      if (on >= days - 1) continue;
      const kind = kindOf(channel[row]!, count[row]!, mutual[row]!);
      if (kind !== known) {
        exposure = classes.of(channel[row]!, count[row]!, mutual[row]!);
        returned = classes.mirror(exposure);
        known = kind;
      }
      const a = from[row]!;
      const b = to[row]!;
      const atA = next[a >>> shift]!++;
      const ofA = (b << classBits) | exposure;
      cell[atA] = (a & within) * days + on;
      low[atA] = ofA;
      high[atA] = ofA >>> 16;
      const atB = next[b >>> shift]!++;
      const ofB = (a << classBits) | returned;
      cell[atB] = (b & within) * days + on;
      low[atB] = ofB;
      high[atB] = ofB >>> 16;
    }
  }

  /** Sorts all ends in their place, once: entries of one pair and day merged. Fills `start`, [persons * days]. */
  sort(start: Int32Array, classBits: number, classes: ExposureClasses): SortedEnds {
    const { low, high } = this.#entries;
    const [days, sorted, bounds] = [this.#days, this.#sorted, this.#bounds];
    let written = 0;
    let most = 0;
    for (let bucket = 0; bucket < this.#next.length; bucket++) {
      const cells = this.#sortBucket(bucket);
      const offset = bucket * 2 ** this.#shift * days;
      for (let cell = 0; cell < cells; cell++) {
        start[offset + cell] = written;
        const from = bounds[cell]!;
        sortRange(sorted, from, bounds[cell + 1]!);
        const to = mergedRange(sorted, from, bounds[cell + 1]!, classBits, classes);
        most = Math.max(most, to - from);
        for (let k = from; k < to; k++, written++) {
          low[written] = sorted[k]!;
          high[written] = sorted[k]! >>> 16;
        }
      }
    }
    // Given back at once: a collector that has nothing else to do may leave them for the whole run.
    this.#cell = new Uint16Array(this.#cell.buffer.transfer(0));
    return { written, most };
  }

  /** Copies a bucket's ends by person and day into `#sorted`, and fills `#bounds`. Answers how many persons and days there are. */
  #sortBucket(bucket: number): number {
    const [cell, sorted, bounds] = [this.#cell, this.#sorted, this.#bounds];
    const { low, high } = this.#entries;
    const to = this.#next[bucket]!;
    const from = to - this.#counts[bucket]!;
    const persons = Math.min(2 ** this.#shift, this.#persons - bucket * 2 ** this.#shift);
    const cells = persons * this.#days;
    bounds.fill(0);
    for (let k = from; k < to; k++) bounds[cell[k]!]!++;
    let at = 0;
    for (let place = 0; place <= cells; place++) at = bounds[place]! += at;
    // Filled from behind: each bound ends where its cell begins.
    for (let k = to - 1; k >= from; k--) sorted[--bounds[cell[k]!]!] = entryAt(low, high, k);
    return cells;
  }
}

const kindOf = (channel: number, count: number, mutual: number) => (mutual * 256 + channel) * 65_536 + count;

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

/** Makes entries of one person one, within a cell. Answers where they end. */
function mergedRange(
  entries: Uint32Array,
  from: number,
  to: number,
  classBits: number,
  classes: ExposureClasses,
): number {
  const mask = 2 ** classBits - 1;
  let end = from;
  for (let k = from; k < to; k++) {
    const entry = entries[k]!;
    const before = end > from ? entries[end - 1]! : 0;
    if (end > from && entry >>> classBits === before >>> classBits) {
      const sum = classes.sum(before & mask, entry & mask);
      entries[end - 1] = (((before >>> classBits) << classBits) | sum) >>> 0;
    } else entries[end++] = entry;
  }
  return end;
}
