import { riskError, type RiskProblem } from '../../contract/index.ts';
import { ContactEnds } from './contact.ends.ts';
import { ExposureClasses } from './exposure.classes.ts';

/**
 * Contacts of all persons, by person and day: of each pair and day one entry with either, whatever the direction, and in it the class of what the two do to
 * each other. The entries of a day are ascending by the other person. Arrays are over shared memory: every thread reads the same.
 */
export interface ContactIndex {
  readonly persons: number;
  readonly days: number;
  readonly channels: number;
  /** [persons * days + 1]: where the entries of a person and day begin. */
  readonly start: Int32Array;
  /** The other person, shifted left by `classBits`, and the class of exposure. */
  readonly entries: Uint32Array;
  readonly classBits: number;
  /** [classes, channels]: units of each class that the person exposes the other to. */
  readonly exposures: Float64Array;
  /** [classes]: the class of the other's entry, in which is what it does to the person. */
  readonly mirror: Uint32Array;
  /** Most entries of a person and day. */
  readonly mostOnADay: number;
}

/** Numbers of contact ends are signed: what may be above 2^31 is no small integer to the compiler, and slow. */
const MOST_ENTRIES = 2 ** 31 - 1;

/**
 * The index of a problem's contacts, without those of the last day, which say nothing about the window. The contacts are read twice: to count the ends of each
 * bucket of persons, and to gather them there; each bucket is then sorted by counting. O(rows + ends) time, 4 bytes an end, and 2 more while it is built.
 *
 * @throws TOO_MANY_EXPOSURES
 */
export function contactIndex(
  { persons, days, parameters, contacts }: Pick<RiskProblem, 'persons' | 'days' | 'parameters' | 'contacts'>,
  bucketCells?: number,
): ContactIndex {
  const personBits = Math.max(1, Math.ceil(Math.log2(persons)));
  const classBits = 32 - personBits;
  const channels = parameters.channels.length;
  const classes = new ExposureClasses(channels, 2 ** classBits);
  const ends = new ContactEnds(persons, days, bucketCells);
  for (const columns of contacts) ends.count(columns);
  const { total } = ends;
  if (total > MOST_ENTRIES) {
    const expected = `at most ${MOST_ENTRIES} ends of contacts`;
    throw riskError('TOO_MANY_EXPOSURES', `Contacts: expected ${expected} in one window, got ${total}`, { expected });
  }
  const start = new Int32Array(new SharedArrayBuffer((persons * days + 1) * 4));
  const entries = new Uint32Array(new SharedArrayBuffer(total * 4));
  ends.placeIn(entries);
  for (const columns of contacts) ends.gather(columns, classBits, classes);
  const { written, most } = ends.sort(start, classBits, classes);
  start[persons * days] = written;
  return {
    persons,
    days,
    channels,
    start,
    entries: trimmed(entries, written),
    classBits,
    exposures: classes.counts(),
    mirror: classes.mirrors(),
    mostOnADay: most,
  };
}

/** Without the room that merged rows left, where it is worth a copy. */
function trimmed(entries: Uint32Array, written: number): Uint32Array {
  if (written > entries.length * 0.9) return entries.subarray(0, written);
  const copy = new Uint32Array(new SharedArrayBuffer(written * 4));
  copy.set(entries.subarray(0, written));
  return copy;
}
