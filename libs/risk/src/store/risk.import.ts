import { basename } from 'node:path';

import { FolderImport, type Database, type FolderImportOptions, type FolderImportSummary } from '@haat/data-access';

import type { ContactRecord, SymptomRecord, TestRecord } from '../contract/index.ts';
import { contactTarget, personTarget, symptomTarget, testTarget } from './import.targets.ts';
import { personNumbers, PersonNumbers } from './person.numbers.ts';
import { contactTable, personTable, riskFolder, symptomTable, testTable } from './risk.tables.ts';

export interface RiskImportOptions extends FolderImportOptions {
  /** From when the facts of persons hold; now otherwise. */
  readonly validFrom?: Date;
}

/**
 * Imports `persons`, `contacts`, `tests` and `symptoms` (those that are there) from a folder, by COPY. A bad row costs that row
 * alone, as one does that names an unknown person. What came before stays: a later row of the same contact, test or report
 * corrects or takes it back.
 * @throws what `folderFiles` throws, INVALID_MAPPING, IMPORT_RUNNING
 */
export async function importRisk(
  database: Database,
  directory: string,
  { validFrom = new Date(), ...options }: RiskImportOptions = {},
): Promise<FolderImportSummary> {
  const folder = await FolderImport.begin(database, directory, riskFolder, options);
  const fresh: string[] = [];
  await folder.run(personTable, personTarget(validFrom), {
    onAccepted: (rows) => {
      if (options.dryRun) for (const { person_id: id } of rows) fresh.push(id);
    },
  });
  const numbers = new PersonNumbers(await personNumbers(database));
  for (const id of fresh) numbers.introduce(id);
  await folder.run(contactTable, contactTarget(numbers), {
    check: numbers.check<ContactRecord>(['from_id', 'to_id']),
  });
  await folder.run(testTable, testTarget(numbers), { check: numbers.check<TestRecord>(['person_id']) });
  await folder.run(symptomTable, symptomTarget(numbers), { check: numbers.check<SymptomRecord>(['person_id']) });
  return folder.end('risk.person, risk.contact, risk.test, risk.symptom');
}

/** Reasons that are told of the rows that were refused. */
const REASONS = 5;

/** Imports the files of a folder that came on a day (YYYY-MM-DD): persons who are new in them are known from its beginning. @throws as `importRisk` */
export async function importRiskDay(database: Database, directory: string, day: string) {
  const { tables, accepted, changed, rejected } = await importRisk(database, directory, {
    validFrom: new Date(`${day}T00:00:00Z`),
  });
  const reasons = tables.flatMap((table) =>
    table.reasons.map(({ line, column, reason }) => `${basename(table.file)} line ${line}, ${column}: ${reason}`),
  );
  return { accepted, changed, rejected, reasons: reasons.slice(0, REASONS) };
}
