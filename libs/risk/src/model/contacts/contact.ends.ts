import type { ContactColumns } from '../../contract/index.ts';
import type { ExposureClasses } from './exposure.classes.ts';

/** Cells that are sorted by insertion; longer ones by the library. */
const SHORT = 32;

/** Ends of a bucket: what counting sort visits at random stays in the processor's cache. */
const BUCKET_ENDS = 2 ** 18;

/** Persons and days of a bucket: the number of one has 16 bits. */
const BUCKET_CELLS = 2 ** 16;

/** What the ends of one bucket became. */
export interface SortedEnds {
  /** Where the entries end. */
  readonly written: number;
  /** Most entries of a person and day. */
  readonly most: number;
}

/**
 * The ends of all contacts on their way into the index: first gathered by buckets of few persons, where the index will lie, then sorted bucket by bucket.
 * 4 bytes of the index and 2 more an end.
 */
export class ContactEnds {
  readonly #days: number;
  readonly #entries: Uint32Array;
  /** Person and day of each end, as a number within its bucket; none after sorting. */
  #cell: Uint16Array<ArrayBuffer>;
  /** Bucket of each person. */
  readonly #bucket: Uint32Array;
  /** First person of each bucket, and how many there are. */
  readonly #persons: number[] = [];
  /** Where the ends of each bucket begin, and where the next one goes. */
  readonly #begin: number[] = [];
  readonly #next: Int32Array;

  /**
   * @param ends how many ends each person has
   * @param entries memory for as many
   */
  constructor(days: number, ends: Uint32Array, entries: Uint32Array, most = BUCKET_ENDS) {
    const persons = ends.length;
    this.#days = days;
    this.#entries = entries;
    this.#cell = new Uint16Array(entries.length);
    this.#bucket = new Uint32Array(persons);
    let size = 0;
    for (let person = 0; person < persons; person++) {
      const full = person > 0 && size + ends[person]! - this.#begin.at(-1)! > most;
      if (person === 0 || full || (person - this.#persons.at(-1)! + 1) * days > BUCKET_CELLS) {
        this.#persons.push(person);
        this.#begin.push(size);
      }
      this.#bucket[person] = this.#persons.length - 1;
      size += ends[person]!;
    }
    this.#next = Int32Array.from(this.#begin);
    this.#persons.push(persons);
  }

  gather(columns: ContactColumns, classBits: number, classes: ExposureClasses): void {
    const { rows, from, to, day, channel, count, mutual } = columns;
    const [days, cell, entries, bucket, next] = [this.#days, this.#cell, this.#entries, this.#bucket, this.#next];
    const first = Uint32Array.from(this.#persons);
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
      const ofA = bucket[a]!;
      const atA = next[ofA]!;
      next[ofA] = atA + 1;
      cell[atA] = (a - first[ofA]!) * days + on;
      entries[atA] = (b << classBits) | exposure;
      const ofB = bucket[b]!;
      const atB = next[ofB]!;
      next[ofB] = atB + 1;
      cell[atB] = (b - first[ofB]!) * days + on;
      entries[atB] = (a << classBits) | returned;
    }
  }

  /** Sorts all ends in their place, once: entries of one pair and day merged. Fills `start`, [persons * days]. */
  sort(start: Int32Array, classBits: number, classes: ExposureClasses): SortedEnds {
    const entries = this.#entries;
    const days = this.#days;
    let written = 0;
    let most = 0;
    for (let bucket = 0; bucket < this.#begin.length; bucket++) {
      const [sorted, bounds] = this.#sortBucket(bucket);
      const offset = this.#persons[bucket]! * days;
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
    const [from, to] = [this.#begin[bucket]!, this.#next[bucket]!];
    const sorted = new Uint32Array(to - from);
    const bounds = new Int32Array((this.#persons[bucket + 1]! - this.#persons[bucket]!) * this.#days + 1);
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
