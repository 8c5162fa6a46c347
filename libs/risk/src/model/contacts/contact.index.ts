import { isDomainError } from '@haat/kit';
import { riskError, type RiskProblem } from '../../contract/index.ts';
import {
  contactEntries,
  NARROW,
  trimmedEntries,
  WIDE,
  type ContactEntries,
  type EntryBits,
} from './contact.entries.ts';
import { ContactEnds } from './contact.ends.ts';
import { MOST_BUCKET_ENDS } from './ends.kernel.ts';
import { ExposureClasses } from './exposure.classes.ts';

/**
 * Contacts of all persons, by person and day: of each pair and day one entry with either, whatever the direction, and in it the class of what the two do to
 * each other. The entries of a day are ascending by the other person. Arrays are over shared memory: every thread reads the same.
 */
export interface ContactIndex extends ContactEntries {
  readonly persons: number;
  readonly days: number;
  readonly channels: number;
  /** [persons * days + 1]: where the entries of a person and day begin. An entry is the other person, shifted left by `classBits`, and the class of exposure. */
  readonly start: Int32Array;
  readonly classBits: number;
  /** [classes, channels]: units of each class that the person exposes the other to. */
  readonly exposures: Float64Array;
  /** [classes]: the class of the other's entry, in which is what it does to the person. */
  readonly mirror: Uint32Array;
  /** Most entries of a person and day. */
  readonly mostOnADay: number;
}

type Contacts = Pick<RiskProblem, 'persons' | 'days' | 'parameters' | 'contacts'>;

/** Numbers of contact ends are signed: what may be above 2^31 is no small integer to the compiler, and slow. */
const MOST_ENTRIES = 2 ** 31 - 1;

/**
 * The index of a problem's contacts, without those of the last day, which say nothing about the window. The contacts are read twice: to count the ends of each
 * bucket of persons, and to gather them there; each bucket is then sorted by counting. O(rows + ends) time, 3 bytes an end where persons and classes fit in 24 bits,
 * else 4; while it is built 2 more, and 14 for each of the largest bucket. Where they turn out not to fit only when rows of a pair and day are added up, it is built anew.
 *
 * @throws TOO_MANY_EXPOSURES
 */
export function contactIndex(problem: Contacts, bucketCells?: number): ContactIndex {
  const { persons, days, parameters, contacts } = problem;
  const room = (bits: number) => 2 ** (bits - personBits(persons));
  const ends = new ContactEnds(persons, days, bucketCells);
  const kinds = new ExposureClasses(parameters.channels.length, room(WIDE));
  for (const columns of contacts) ends.count(columns, kinds);
  checkMost(ends.total, MOST_ENTRIES, 'in one window');
  checkMost(ends.largest, MOST_BUCKET_ENDS, 'of persons who are sorted together');
  // Half of the classes are left for sums.
  if (kinds.size <= room(NARROW) / 2) {
    try {
      return indexOf(problem, ends, NARROW);
    } catch (error) {
      if (!isDomainError(error) || error.code !== 'TOO_MANY_EXPOSURES') throw error;
    }
  }
  return indexOf(problem, ends, WIDE);
}

function checkMost(got: number, most: number, of: string): void {
  if (got <= most) return;
  const expected = `at most ${most} ends of contacts ${of}`;
  throw riskError('TOO_MANY_EXPOSURES', `Contacts: expected ${expected}, got ${got}`, { expected });
}

function indexOf({ persons, days, parameters, contacts }: Contacts, ends: ContactEnds, bits: EntryBits): ContactIndex {
  const classBits = bits - personBits(persons);
  const channels = parameters.channels.length;
  const classes = new ExposureClasses(channels, 2 ** classBits);
  const start = new Int32Array(new SharedArrayBuffer((persons * days + 1) * 4));
  const entries = contactEntries(ends.total, bits);
  ends.placeIn(entries);
  for (const columns of contacts) ends.gather(columns, classBits, classes);
  const { written, most } = ends.sort(start, classBits, classes);
  start[persons * days] = written;
  return {
    persons,
    days,
    channels,
    start,
    ...trimmedEntries(entries, written),
    classBits,
    exposures: classes.counts(),
    mirror: classes.mirrors(),
    mostOnADay: most,
  };
}

const personBits = (persons: number) => Math.max(1, Math.ceil(Math.log2(persons)));
