import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';

import {
  checkedMapping,
  checkFile,
  dataAccessError,
  dataRevision,
  importFile,
  tableFormats,
  type ColumnMapping,
  type Database,
  type FileImportOptions,
  type FileImportSummary,
  type ImportProgress,
  type ImportTarget,
  type TableDefinition,
} from '@haat/data-access';

import type { ContactRecord, SymptomRecord, TestRecord } from '../contract/index.ts';
import { contactTarget, personTarget, symptomTarget, testTarget } from './import.targets.ts';
import { PersonNumbers } from './person.numbers.ts';
import { contactTable, personTable, riskTables, symptomTable, testTable } from './risk.tables.ts';

export interface RiskImportOptions {
  /** Names of columns, where files have others; see `checkedMapping`. */
  readonly mapping?: ColumnMapping;
  /** Checks and compares everything, and writes nothing but the rejects files. */
  readonly dryRun?: boolean;
  /** Folder of the rejects files; the folder `rejects` beside the files otherwise. */
  readonly rejectsDirectory?: string;
  /** From when the facts of persons hold; now otherwise. */
  readonly validFrom?: Date;
  readonly onProgress?: (progress: ImportProgress) => void;
  /** Records of one transaction. */
  readonly chunkRecords?: number;
}

export interface RiskImportSummary {
  readonly tables: readonly FileImportSummary[];
  readonly accepted: number;
  readonly rejected: number;
  /** Rows that were added; 0 when everything was there already. In a dry run: that would be. */
  readonly changed: number;
  readonly dryRun: boolean;
  readonly dataRevision: number;
}

/**
 * Imports `persons`, `contacts`, `tests` and `symptoms` (those that are there) from a folder, by COPY. All files are checked as
 * wholes first; then a bad row costs that row alone, as one does that names an unknown person. What came before stays: a later
 * row of the same contact, test or report corrects or takes it back.
 * @throws what `checkFile` throws, INVALID_MAPPING, IMPORT_RUNNING
 */
export async function importRisk(
  database: Database,
  directory: string,
  options: RiskImportOptions = {},
): Promise<RiskImportSummary> {
  const { dryRun = false, validFrom = new Date(), rejectsDirectory = join(directory, 'rejects') } = options;
  const mapping = checkedMapping(options.mapping ?? {}, riskTables);
  const files = await checkedFiles(directory, mapping);
  const tables: FileImportSummary[] = [];
  const run = async <Row>(
    definition: TableDefinition<Row>,
    target: ImportTarget<Row>,
    rest: Pick<FileImportOptions<Row>, 'check' | 'onAccepted'>,
  ) => {
    const file = files.get(definition.name);
    if (file === undefined) return;
    tables.push(
      await importFile({
        file,
        definition,
        mapping: mapping[definition.name],
        database: { database, target, dryRun },
        rejectsFile: join(rejectsDirectory, `${definition.name}.csv`),
        onProgress: options.onProgress,
        chunkRecords: options.chunkRecords,
        ...rest,
      }),
    );
  };
  const fresh: string[] = [];
  await run(personTable, personTarget(validFrom), {
    onAccepted: (rows) => {
      if (dryRun) for (const { person_id: id } of rows) fresh.push(id);
    },
  });
  const numbers = new PersonNumbers(await knownPersons(database));
  for (const id of fresh) numbers.introduce(id);
  await run(contactTable, contactTarget(numbers), { check: numbers.check<ContactRecord>(['from_id', 'to_id']) });
  await run(testTable, testTarget(numbers), { check: numbers.check<TestRecord>(['person_id']) });
  await run(symptomTable, symptomTarget(numbers), { check: numbers.check<SymptomRecord>(['person_id']) });
  const total = (of: (table: FileImportSummary) => number) => tables.reduce((sum, table) => sum + of(table), 0);
  const changed = total((table) => table.changed);
  if (changed > 0 && !dryRun) {
    await database.pool.query('analyze risk.person, risk.contact, risk.test, risk.symptom');
  }
  return {
    tables,
    accepted: total((table) => table.accepted),
    rejected: total((table) => table.rejected),
    changed,
    dryRun,
    dataRevision: await dataRevision(database, 'risk'),
  };
}

/** The files of a folder by the names of their tables, each checked as a whole. */
export async function checkedFiles(directory: string, mapping: ColumnMapping): Promise<ReadonlyMap<string, string>> {
  const expected = riskTables.map(({ name }) => `${name}.{${tableFormats.join(',')}}`).join(', ');
  const refuse = (code: 'FILE_MISSING' | 'FILE_FORMAT', message: string) =>
    dataAccessError(code, message, { file: directory });
  if (!existsSync(directory) || !statSync(directory).isDirectory()) {
    throw refuse('FILE_MISSING', `${directory} is not a folder: expected one with ${expected}`);
  }
  const files = new Map<string, string>();
  for (const { name } of riskTables) {
    const found = tableFormats.map((format) => join(directory, `${name}.${format}`)).filter((file) => existsSync(file));
    if (found.length > 1) {
      throw refuse('FILE_FORMAT', `The table ${name} is there more than once: ${found.join(', ')}. Keep one.`);
    }
    if (found.length === 1) files.set(name, found[0]!);
  }
  if (files.size === 0) throw refuse('FILE_MISSING', `${directory} has no table of risk: expected ${expected}`);
  for (const table of riskTables) {
    const file = files.get(table.name);
    if (file !== undefined) await checkFile(file, table as TableDefinition<unknown>, mapping[table.name]);
  }
  return files;
}

async function knownPersons({ pool }: Pick<Database, 'pool'>): Promise<[string, number][]> {
  const { rows } = await pool.query<[string, number]>({
    rowMode: 'array',
    text: 'select distinct person_id, number from risk.person',
  });
  return rows;
}
