import { join } from 'node:path';

import type { Database } from '../database/database.connection.ts';
import { dataRevision } from '../platform/data.revision.ts';
import { checkedMapping } from '../table/column.mapping.ts';
import type { ColumnMapping, TableDefinition } from '../table/table.definition.ts';
import { importFile, type FileImportOptions, type FileImportSummary, type ImportProgress } from './file.import.ts';
import { folderFiles, type FolderFiles, type FolderTables } from './folder.files.ts';
import type { ImportTarget } from './table.import.ts';

export interface FolderImportOptions {
  /** Names and units of columns, where files have others; see `checkedMapping`. */
  readonly mapping?: ColumnMapping | undefined;
  /** Checks and compares everything, and writes nothing but the rejects files. */
  readonly dryRun?: boolean;
  /** Folder of the rejects files, which have the names of the tables; the folder `rejects` beside the files otherwise. */
  readonly rejectsDirectory?: string;
  readonly onProgress?: (progress: ImportProgress) => void;
  /** Records of one transaction. */
  readonly chunkRecords?: number;
  /** How long to wait for another import of the same table to end, ms. */
  readonly lockWaitMs?: number;
}

/** What an import of a folder did; a domain may say more. */
export interface FolderImportSummary {
  readonly tables: readonly FileImportSummary[];
  readonly accepted: number;
  readonly rejected: number;
  /** Rows that were added or changed; 0 when everything was there already. In a dry run: that would be. */
  readonly changed: number;
  readonly dryRun: boolean;
  readonly dataRevision: number;
}

/**
 * The import of a domain's folder of files. All files are checked as wholes first; then a domain runs them in the order in which
 * they refer to one another: a bad row costs that row.
 */
export class FolderImport {
  readonly #done: FileImportSummary[] = [];

  private constructor(
    private readonly database: Database,
    private readonly domain: string,
    readonly files: FolderFiles,
    readonly mapping: ColumnMapping,
    private readonly options: FolderImportOptions & { readonly rejectsDirectory: string },
  ) {}

  /** @throws INVALID_MAPPING, what `folderFiles` throws */
  static async begin(
    database: Database,
    directory: string,
    of: FolderTables,
    options: FolderImportOptions,
  ): Promise<FolderImport> {
    const mapping = checkedMapping(options.mapping ?? {}, of.tables);
    const files = await folderFiles(directory, of, mapping);
    const { rejectsDirectory = join(directory, 'rejects') } = options;
    return new FolderImport(database, of.domain, files, mapping, { ...options, rejectsDirectory });
  }

  /** Imports one table, if its file is there. @throws IMPORT_RUNNING */
  async run<Row>(
    definition: TableDefinition<Row>,
    target: ImportTarget<Row>,
    rest: Pick<FileImportOptions<Row>, 'check' | 'onAccepted'> = {},
  ): Promise<void> {
    const file = this.files.get(definition.name);
    if (file === undefined) return;
    const { rejectsDirectory, dryRun = false, onProgress, chunkRecords, lockWaitMs } = this.options;
    const done = await importFile({
      file,
      definition,
      mapping: this.mapping[definition.name],
      database: { database: this.database, target, dryRun },
      rejectsFile: join(rejectsDirectory, `${definition.name}.csv`),
      onProgress,
      chunkRecords,
      lockWaitMs,
      ...rest,
    });
    this.#done.push(done);
  }

  /** Ends it: brings the planner's statistics of `changed` tables of the database up to date where rows have changed. */
  async end(changed: string): Promise<FolderImportSummary> {
    const total = (of: (table: FileImportSummary) => number) => this.#done.reduce((sum, table) => sum + of(table), 0);
    const rows = total((table) => table.changed);
    const { dryRun = false } = this.options;
    if (rows > 0 && !dryRun) await this.database.pool.query(`analyze ${changed}`);
    return {
      tables: this.#done,
      accepted: total((table) => table.accepted),
      rejected: total((table) => table.rejected),
      changed: rows,
      dryRun,
      dataRevision: await dataRevision(this.database, this.domain),
    };
  }
}
