import type { ContactColumns } from '../../contract/index.ts';
import { contactEntries, NARROW, type ContactEntries } from './contact.entries.ts';
import { EndsKernel } from './ends.kernel.ts';
import type { ExposureClasses } from './exposure.classes.ts';

/** Persons and days of a bucket: as many as have numbers of 16 bits, for fewer places to write to in turn are faster than a bucket that fits in a nearer cache. */
const BUCKET_CELLS = 2 ** 16;

/** What the ends became. */
export interface SortedEnds {
  /** Where the entries end. */
  readonly written: number;
  /** Most entries of a person and day. */
  readonly most: number;
}

/**
 * The ends of all contacts on their way into the index: counted by buckets of as many persons, then gathered where the index will lie, then sorted bucket by
 * bucket. 2 bytes an end beside the index, and 14 an end of the largest bucket.
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

  constructor(persons: number, days: number, cells = BUCKET_CELLS) {
    this.#persons = persons;
    this.#days = days;
    this.#shift = Math.max(0, Math.floor(Math.log2(cells / days)));
    const buckets = Math.ceil(persons / 2 ** this.#shift);
    this.#counts = new Int32Array(buckets);
    this.#next = new Int32Array(buckets);
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

  /** Ends of the largest bucket. */
  get largest(): number {
    return this.#counts.reduce((most, count) => Math.max(most, count), 0);
  }

  /** @param entries memory for all that were counted */
  placeIn(entries: ContactEntries): void {
    this.#entries = entries;
    this.#cell = new Uint16Array(entries.low.length);
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
    const entries = this.#entries;
    const persons = 2 ** this.#shift;
    const kernel = new EndsKernel(this.largest, Math.min(persons, this.#persons) * this.#days);
    let written = 0;
    let most = 0;
    for (let bucket = 0; bucket < this.#next.length; bucket++) {
      const to = this.#next[bucket]!;
      const from = to - this.#counts[bucket]!;
      const first = bucket * persons;
      const cells = Math.min(persons, this.#persons - first) * this.#days;
      const ends = { low: entries.low.subarray(from, to), high: entries.high.subarray(from, to) };
      const repeated = kernel.sort(ends, this.#cell.subarray(from, to), cells, classBits);
      const starts = start.subarray(first * this.#days, first * this.#days + cells);
      const end = merged(kernel, repeated, to - from, classBits, classes);
      most = Math.max(most, startsOf(starts, kernel, repeated, written, written + end));
      write(entries, written, kernel.words, end);
      written += end;
    }
    // Given back at once: a collector that has nothing else to do may leave them for the whole run.
    this.#cell = new Uint16Array(this.#cell.buffer.transfer(0));
    return { written, most };
  }
}

const kindOf = (channel: number, count: number, mutual: number) => (mutual * 256 + channel) * 65_536 + count;

/** Makes entries of one person and one cell one. Answers how many are left. */
function merged(
  { words, repeated }: EndsKernel,
  found: number,
  length: number,
  classBits: number,
  classes: ExposureClasses,
): number {
  if (found === 0) return length;
  const mask = 2 ** classBits - 1;
  let end = repeated[0]!;
  for (let k = 0; k < found; k++) {
    const at = repeated[k]!;
    const before = words[end - 1]!;
    const sum = classes.sum(before & mask, words[at]! & mask);
    words[end - 1] = ((before >>> classBits) << classBits) | sum;
    const next = k + 1 < found ? repeated[k + 1]! : length;
    for (let place = at + 1; place < next; place++) words[end++] = words[place]!;
  }
  return end;
}

/** Where the entries of each cell of a bucket begin when the merged ones are gone. Answers the most of one. */
function startsOf(
  starts: Int32Array,
  { bounds, repeated }: EndsKernel,
  found: number,
  begin: number,
  end: number,
): number {
  let gone = 0;
  let most = 0;
  for (let cell = 0; cell < starts.length; cell++) {
    const bound = bounds[cell]!;
    while (gone < found && repeated[gone]! < bound) gone++;
    const start = begin + bound - gone;
    starts[cell] = start;
    if (cell > 0) most = Math.max(most, start - starts[cell - 1]!);
  }
  return Math.max(most, end - starts[starts.length - 1]!);
}

function write({ low, high }: ContactEntries, at: number, words: Uint32Array, length: number): void {
  for (let k = 0; k < length; k++) {
    const word = words[k]!;
    low[at + k] = word;
    high[at + k] = word >>> 16;
  }
}
