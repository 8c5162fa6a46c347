import { checkedMapping, dataAccessError, importFile, readMapping, type RejectedRow } from '@haat/data-access';

import {
  contactChannels,
  contactColumns,
  dayAfter,
  firstDayOf,
  symptomColumns,
  testColumns,
  testKinds,
  type ContactRecord,
  type PersonRecord,
  type RiskFacts,
  type RiskSource,
  type RiskWindow,
  type SymptomRecord,
  type TestRecord,
} from '../contract/index.ts';
import { PersonNumbers } from './person.numbers.ts';
import { checkedFiles } from './risk.import.ts';
import { contactTable, personTable, riskTables, symptomTable, testTable } from './risk.tables.ts';

export interface RiskFiles extends RiskSource {
  /** How many rows were left out. */
  readonly rejected: number;
  /** Why: of each file the first thousand. */
  readonly rejects: readonly RejectedRow[];
}

/**
 * Facts of risk in a folder of files, read through the validation that an import has. Files have no revisions; rows that take
 * something back have nothing to take back, and are left out.
 * @throws what `checkFile` throws, INVALID_MAPPING
 */
export async function riskFiles(directory: string, mappingFile?: string): Promise<RiskFiles> {
  const raw = mappingFile === undefined ? {} : await readMapping(mappingFile, riskTables);
  const mapping = checkedMapping(raw, riskTables);
  const files = await checkedFiles(directory, mapping);
  if (!files.has(personTable.name)) {
    throw dataAccessError(
      'FILE_MISSING',
      `${directory} has no file persons: expected persons.csv, .jsonl or .parquet`,
      {
        file: directory,
      },
    );
  }
  const persons: PersonRecord[] = [];
  const contacts: ContactRecord[] = [];
  const tests: TestRecord[] = [];
  const symptoms: SymptomRecord[] = [];
  const rejects: RejectedRow[] = [];
  let rejected = 0;
  const numbers = new PersonNumbers([]);
  const read = async <Row>(
    definition: Parameters<typeof importFile<Row>>[0]['definition'],
    onAccepted: (rows: readonly Row[]) => void,
    check?: Parameters<typeof importFile<Row>>[0]['check'],
  ) => {
    const file = files.get(definition.name);
    if (file === undefined) return;
    const done = await importFile({ file, definition, mapping: mapping[definition.name], onAccepted, check });
    rejected += done.rejected;
    for (const one of done.reasons) rejects.push(one);
  };
  await read<PersonRecord>(personTable, (rows) => {
    for (const row of rows) persons.push(row);
  });
  persons.sort((a, b) => (a.person_id < b.person_id ? -1 : 1));
  for (const { person_id: id } of persons) numbers.introduce(id);
  await read<ContactRecord>(contactTable, (rows) => void contacts.push(...rows), numbers.check(['from_id', 'to_id']));
  await read<TestRecord>(testTable, (rows) => void tests.push(...rows), numbers.check(['person_id']));
  await read<SymptomRecord>(symptomTable, (rows) => void symptoms.push(...rows), numbers.check(['person_id']));
  return {
    rejected,
    rejects,
    horizon: async (asOf) => ({ asOf, revision: 0 }),
    facts: async (window) => factsOf(window, { persons, contacts, tests, symptoms }),
  };
}

interface Rows {
  readonly persons: readonly PersonRecord[];
  readonly contacts: readonly ContactRecord[];
  readonly tests: readonly TestRecord[];
  readonly symptoms: readonly SymptomRecord[];
}

function factsOf(window: RiskWindow, { persons, contacts, tests, symptoms }: Rows): RiskFacts {
  const firstDay = firstDayOf(window);
  const position = new Map(persons.map(({ person_id: id }, at) => [id, at]));
  const days = new Map(Array.from({ length: window.days }, (_, day) => [dayAfter(firstDay, day), day]));
  const within = <Row extends { readonly day: string }>(rows: readonly Row[]) =>
    rows.filter(({ day }) => days.has(day));
  return {
    firstDay,
    days: window.days,
    persons: {
      id: persons.map(({ person_id: id }) => id),
      region: Uint16Array.from(persons, ({ region }) => region),
      reports: Uint8Array.from(persons, ({ reports }) => Number(reports)),
    },
    contacts: [
      contactColumns(
        within(contacts)
          .filter(({ units }) => units > 0)
          .map(({ from_id: from, to_id: to, day, channel, units, mutual }) => ({
            from: position.get(from)!,
            to: position.get(to)!,
            day: days.get(day)!,
            channel: contactChannels.indexOf(channel),
            count: units,
            mutual,
          })),
      ),
    ],
    tests: testColumns(
      within(tests)
        .filter(({ result }) => result !== 'retracted')
        .map(({ person_id: person, day, kind, result }) => ({
          person: position.get(person)!,
          day: days.get(day)!,
          kind: testKinds.indexOf(kind),
          positive: result === 'positive',
        })),
    ),
    symptoms: symptomColumns(
      within(symptoms)
        .filter(({ reported }) => reported)
        .map(({ person_id: person, day }) => ({ person: position.get(person)!, day: days.get(day)! })),
    ),
  };
}
