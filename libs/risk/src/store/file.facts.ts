import { checkedMapping, folderFiles, readMapping, requiredFile } from '@haat/data-access';

import {
  contactChannels,
  contactColumns,
  dayAfter,
  firstDayOf,
  symptomColumns,
  testColumns,
  testKinds,
  type RiskFacts,
  type RiskSource,
} from '../contract/index.ts';
import { readRecords, type FileRecords } from './file.records.ts';
import { personTable, riskFolder, riskTables } from './risk.tables.ts';

export interface RiskFiles extends RiskSource, Pick<FileRecords, 'rejected' | 'rejects'> {}

/**
 * Facts of risk in a folder of files, read through the validation that an import has. Files have no revisions; rows that take
 * something back have nothing to take back, and are left out.
 * @throws what `folderFiles` throws, INVALID_MAPPING
 */
export async function riskFiles(directory: string, mappingFile?: string): Promise<RiskFiles> {
  const raw = mappingFile === undefined ? {} : await readMapping(mappingFile, riskTables);
  const mapping = checkedMapping(raw, riskTables);
  const files = await folderFiles(directory, riskFolder, mapping);
  requiredFile(files, directory, personTable.name);
  const records = await readRecords(Object.fromEntries(files), mapping);
  return {
    rejected: records.rejected,
    rejects: records.rejects,
    horizon: async (asOf) => ({ asOf, revision: 0 }),
    facts: async (window) => factsOf(records, firstDayOf(window), window.days),
  };
}

/** What rows say of `days` days from `firstDay` (YYYY-MM-DD) on. */
export function factsOf(
  { persons, contacts, tests, symptoms }: Pick<FileRecords, 'persons' | 'contacts' | 'tests' | 'symptoms'>,
  firstDay: string,
  days: number,
): RiskFacts {
  const position = new Map(persons.map(({ person_id: id }, at) => [id, at]));
  const dayAt = new Map(Array.from({ length: days }, (_, day) => [dayAfter(firstDay, day), day]));
  const within = <Row extends { readonly day: string }>(rows: readonly Row[]) =>
    rows.filter(({ day }) => dayAt.has(day));
  return {
    firstDay,
    days,
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
            day: dayAt.get(day)!,
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
          day: dayAt.get(day)!,
          kind: testKinds.indexOf(kind),
          positive: result === 'positive',
        })),
    ),
    symptoms: symptomColumns(
      within(symptoms)
        .filter(({ reported }) => reported)
        .map(({ person_id: person, day }) => ({ person: position.get(person)!, day: dayAt.get(day)! })),
    ),
  };
}
