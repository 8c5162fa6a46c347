import { dataAccessError, readTable, type RejectedRow, type TableDefinition } from '@haat/data-access';
import {
  contactColumns,
  MOST_DAYS,
  parseContactRow,
  parseRiskParameters,
  parseTestRow,
  publishedParameters,
  symptomColumns,
  testColumns,
  type ContactRow,
  type RiskParameters,
  type RiskProblem,
  type TestRow,
} from '@haat/risk/contract';

import { cliError } from '../cli.errors.ts';
import { readNamed } from './named.files.ts';

/** Files of an outbreak, and the window that is looked at. */
export interface RiskFiles {
  readonly contacts: string;
  readonly tests?: string;
  readonly parameters?: string;
  /** Days of the window; without it, all that the files speak of. */
  readonly days?: number;
  /** Last day of the window, YYYY-MM-DD; without it, the last one that the files speak of. */
  readonly until?: string;
}

/** The problem that files state, with the names of what it numbers. */
export interface FileProblem {
  readonly problem: RiskProblem;
  /** Pseudonyms by number. */
  readonly persons: readonly string[];
  /** First day of the window, YYYY-MM-DD. */
  readonly firstDay: string;
  /** Rows before or after the window, which were not used. */
  readonly outside: number;
  readonly rejected: number;
  readonly rejects: readonly RejectedRow[];
}

const contactTable: TableDefinition<ContactRow> = {
  name: 'contacts',
  columns: {
    from: { kind: 'text' },
    to: { kind: 'text' },
    day: { kind: 'text' },
    count: { kind: 'number', optional: true },
    channel: { kind: 'text', optional: true },
    mutual: { kind: 'boolean', optional: true },
  },
  parse: parseContactRow,
  key: ({ from, to, day, channel }) => [from, to, day, channel ?? ''],
  keyColumns: ['from', 'to', 'day', 'channel'],
};

/** Two results of one kind, person and day may contradict each other; the same one twice is one too many. */
const testTable: TableDefinition<TestRow> = {
  name: 'tests',
  columns: {
    person: { kind: 'text' },
    day: { kind: 'text' },
    kind: { kind: 'text', optional: true },
    positive: { kind: 'boolean' },
  },
  parse: parseTestRow,
  key: ({ person, day, kind, positive }) => [person, day, kind ?? '', String(positive)],
  keyColumns: ['person', 'day', 'kind', 'positive'],
};

const DAY_MS = 86_400_000;

/**
 * Contacts and tests of files as a problem. Bad rows are left out and told.
 * @throws FILE_MISSING, FILE_EMPTY, FILE_FORMAT, FILE_ENCODING, FILE_HEADER, INVALID_PARAMETERS, INVALID_CONTACT, INVALID_TEST, USAGE
 */
export async function problemOfFiles({ days, until, ...files }: RiskFiles): Promise<FileProblem> {
  const parameters = await parametersOf(files.parameters);
  const contacts = await readTable(files.contacts, contactTable);
  const tests = files.tests === undefined ? { rows: [], rejected: [] } : await readTable(files.tests, testTable);
  const moments = [...contacts.rows, ...tests.rows].map(({ day }) => dayNumber(day));
  if (moments.length === 0) {
    throw dataAccessError('FILE_EMPTY', `${files.contacts} has no row that could be read`, { file: files.contacts });
  }
  const last = until === undefined ? latest(moments) : dayNumber(until);
  const first = days === undefined ? Math.min(last, earliest(moments)) : last - days + 1;
  const window = last - first + 1;
  if (window > MOST_DAYS) {
    throw cliError(
      'USAGE',
      `The files speak of ${window} days: say which to look at with --days N, at most ${MOST_DAYS}`,
    );
  }
  const numbers = new Map<string, number>();
  const numberOf = (name: string): number => {
    const known = numbers.get(name);
    if (known === undefined) numbers.set(name, numbers.size);
    return known ?? numbers.size - 1;
  };
  const within = ({ day }: { readonly day: string }) => dayNumber(day) >= first && dayNumber(day) <= last;
  const [keptContacts, keptTests] = [contacts.rows.filter(within), tests.rows.filter(within)];
  const contactRows = keptContacts.map(({ from, to, day, count, channel, mutual }) => ({
    from: numberOf(from),
    to: numberOf(to),
    day: dayNumber(day) - first,
    count,
    mutual,
    channel: placeOf('channel', channel, parameters.channels),
  }));
  const testRows = keptTests.map(({ person, day, kind, positive }) => ({
    person: numberOf(person),
    day: dayNumber(day) - first,
    positive,
    kind: placeOf('kind of test', kind, parameters.tests),
  }));
  return {
    problem: {
      persons: numbers.size,
      days: window,
      parameters,
      region: null,
      contacts: [contactColumns(contactRows)],
      tests: testColumns(testRows),
      symptoms: symptomColumns([]),
      reporting: null,
      initial: null,
    },
    persons: [...numbers.keys()],
    firstDay: dayText(first),
    outside: contacts.rows.length + tests.rows.length - contactRows.length - testRows.length,
    rejected: contacts.rejected.length + tests.rejected.length,
    rejects: [...contacts.rejected, ...tests.rejected],
  };
}

/** A day of a window as text. */
export function dayOfWindow(firstDay: string, day: number): string {
  return dayText(dayNumber(firstDay) + day);
}

async function parametersOf(file: string | undefined): Promise<RiskParameters> {
  if (file === undefined) return publishedParameters;
  return parseRiskParameters(await readJson('file of parameters', file), file);
}

/** @throws FILE_UNUSABLE, FILE_FORMAT */
export async function readJson(what: string, file: string): Promise<unknown> {
  const content = Buffer.from(await readNamed(what, file)).toString('utf8');
  try {
    return JSON.parse(content);
  } catch (cause) {
    throw dataAccessError('FILE_FORMAT', `${file} is not JSON: ${(cause as Error).message}`, { file }, cause);
  }
}

function placeOf(what: string, name: string | null, known: readonly { readonly name: string }[]): number {
  const place = name === null ? 0 : known.findIndex((each) => each.name === name);
  if (place >= 0) return place;
  throw cliError(
    'USAGE',
    `The parameters know no ${what} "${name}"; they know: ${known.map((each) => each.name).join(', ')}`,
  );
}

function dayNumber(text: string): number {
  return Math.round(Date.parse(`${text}T00:00:00Z`) / DAY_MS);
}

function dayText(number: number): string {
  return new Date(number * DAY_MS).toISOString().slice(0, 10);
}

function earliest(days: readonly number[]): number {
  return days.reduce((least, day) => Math.min(least, day));
}

function latest(days: readonly number[]): number {
  return days.reduce((most, day) => Math.max(most, day));
}
