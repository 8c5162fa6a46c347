import { dataAccessError, type RejectedRow } from '@haat/data-access';
import { dayAfter, MOST_DAYS, parseRiskParameters, type RiskParameters, type RiskProblem } from '@haat/risk/contract';
import { problemOf } from '@haat/risk/features';
import { parametersOfRates, transmissionModel } from '@haat/risk/model';
import { factsOf, readRecords, type RecordFiles } from '@haat/risk/store';

import { cliError } from '../cli.errors.ts';
import { readNamed } from './named.files.ts';

/** Files of an outbreak, and the window that is looked at. */
export interface RiskFiles extends RecordFiles {
  readonly contacts: string;
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

const DAY_MS = 86_400_000;

/**
 * What files say of an outbreak as a problem. Bad rows are left out and told. Without a file of symptoms nothing is known of them, and that nobody
 * reported any says nothing.
 * @throws FILE_MISSING, FILE_EMPTY, FILE_FORMAT, FILE_ENCODING, FILE_HEADER, INVALID_PARAMETERS, UNMODELLED_EVIDENCE, USAGE
 */
export async function problemOfFiles(files: RiskFiles): Promise<FileProblem> {
  const parameters = await parametersOf(files);
  const records = await readRecords(files);
  const days = [...records.contacts, ...records.tests, ...records.symptoms].map(({ day }) => day);
  const { firstDay, lastDay, length } = windowOf(files, days);
  const facts = factsOf(records, firstDay, length);
  return {
    problem: problemOf(facts, parameters),
    persons: facts.persons.id,
    firstDay,
    outside: days.filter((day) => day < firstDay || day > lastDay).length,
    rejected: records.rejected,
    rejects: records.rejects,
  };
}

/** Days as text, YYYY-MM-DD, are in the order of time. */
function windowOf({ contacts, days, until }: RiskFiles, told: readonly string[]) {
  if (told.length === 0) {
    throw dataAccessError('FILE_EMPTY', `${contacts} has no row that could be read`, { file: contacts });
  }
  const lastDay = until ?? told.reduce((most, day) => (day > most ? day : most));
  const earliest = told.reduce((least, day) => (day < least ? day : least), lastDay);
  const firstDay = days === undefined ? earliest : dayAfter(lastDay, 1 - days);
  const length = (Date.parse(lastDay) - Date.parse(firstDay)) / DAY_MS + 1;
  if (length > MOST_DAYS) {
    throw cliError(
      'USAGE',
      `The files speak of ${length} days: say which to look at with --days N, at most ${MOST_DAYS}`,
    );
  }
  return { firstDay, lastDay, length };
}

/** Those of a file, else what risk/transmission takes as long as nobody says otherwise. */
async function parametersOf({ parameters: file, symptoms }: RiskFiles): Promise<RiskParameters> {
  const parameters =
    file === undefined
      ? parametersOfRates(transmissionModel.options.parse({}))
      : parseRiskParameters(await readJson('file of parameters', file), file);
  if (symptoms === undefined) return { ...parameters, symptoms: null };
  if (parameters.symptoms !== null) return parameters;
  throw cliError('USAGE', `${file} says nothing of symptoms: leave out --symptoms, or add them to the parameters`);
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
