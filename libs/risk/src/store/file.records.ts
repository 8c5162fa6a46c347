import { importFile, type ColumnMapping, type FileImportOptions, type RejectedRow } from '@haat/data-access';

import type { ContactRecord, PersonRecord, SymptomRecord, TestRecord } from '../contract/index.ts';
import { PersonNumbers } from './person.numbers.ts';
import { contactTable, personTable, symptomTable, testTable } from './risk.tables.ts';

/** The file of each table; one that is absent has no rows. */
export interface RecordFiles {
  /** Without it everybody is known whom another file names: of region 0, and one who would report symptoms. */
  readonly persons?: string;
  readonly contacts?: string;
  readonly tests?: string;
  readonly symptoms?: string;
}

/** The rows of files that are as they should be. */
export interface FileRecords {
  /** By pseudonym. */
  readonly persons: readonly PersonRecord[];
  readonly contacts: readonly ContactRecord[];
  readonly tests: readonly TestRecord[];
  readonly symptoms: readonly SymptomRecord[];
  /** How many rows were left out. */
  readonly rejected: number;
  /** Why: of each file the first thousand. */
  readonly rejects: readonly RejectedRow[];
}

/**
 * Reads files of risk through the validation that an import has: where there is a file of persons, a row that names somebody else is left out.
 * @throws what `checkFile` throws
 */
export async function readRecords(files: RecordFiles, mapping: ColumnMapping = {}): Promise<FileRecords> {
  const rejects: RejectedRow[] = [];
  let rejected = 0;
  const read = async <Row>(
    file: string | undefined,
    { definition, check }: Pick<FileImportOptions<Row>, 'definition' | 'check'>,
  ): Promise<Row[]> => {
    const rows: Row[] = [];
    if (file === undefined) return rows;
    const onAccepted = (accepted: readonly Row[]) => {
      for (const row of accepted) rows.push(row);
    };
    const done = await importFile({ file, definition, mapping: mapping[definition.name], onAccepted, check });
    rejected += done.rejected;
    for (const one of done.reasons) rejects.push(one);
    return rows;
  };
  const told = await read(files.persons, { definition: personTable });
  const numbers = new PersonNumbers([]);
  for (const { person_id: id } of told) numbers.introduce(id);
  const known = <Row>(...columns: (keyof Row & string)[]) =>
    files.persons === undefined ? undefined : numbers.check<Row>(columns);
  const contacts = await read(files.contacts, { definition: contactTable, check: known('from_id', 'to_id') });
  const tests = await read(files.tests, { definition: testTable, check: known('person_id') });
  const symptoms = await read(files.symptoms, { definition: symptomTable, check: known('person_id') });
  const persons = files.persons === undefined ? named({ contacts, tests, symptoms }) : told;
  persons.sort((a, b) => (a.person_id < b.person_id ? -1 : 1));
  return { persons, contacts, tests, symptoms, rejected, rejects };
}

function named({ contacts, tests, symptoms }: Pick<FileRecords, 'contacts' | 'tests' | 'symptoms'>): PersonRecord[] {
  const ids = new Set<string>();
  for (const { from_id: from, to_id: to } of contacts) ids.add(from).add(to);
  for (const { person_id: id } of tests) ids.add(id);
  for (const { person_id: id } of symptoms) ids.add(id);
  return Array.from(ids, (id) => ({ person_id: id, region: 0, reports: true }));
}
