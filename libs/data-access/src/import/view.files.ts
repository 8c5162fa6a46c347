import { viewFacts, type FeatureView, type ViewFacts, type ViewSource } from '@haat/features';

import { checkedMapping } from '../table/column.mapping.ts';
import type { ColumnMapping, RejectedRow, TableDefinition } from '../table/table.definition.ts';
import { importFile } from './file.import.ts';
import { folderFiles, requiredFile, type FolderTables } from './folder.files.ts';

/** The facts of a view in a folder of files, and which rows were left out. */
export interface ViewFiles<Fact extends string = string> extends ViewSource<Fact> {
  readonly rejected: number;
  /** Why: the first thousand. */
  readonly rejects: readonly RejectedRow[];
}

/**
 * Reads the file of a `latest` view through the validation that an import has. Its facts hold for every `asOf`; files have no revisions.
 * @throws what `folderFiles` throws, INVALID_MAPPING
 */
export async function viewFiles<Row, Fact extends string>(
  directory: string,
  view: FeatureView<string, Fact>,
  { folder, table }: { readonly folder: FolderTables; readonly table: TableDefinition<Row> },
  raw: ColumnMapping = {},
): Promise<ViewFiles<Fact>> {
  const mapping = checkedMapping(raw, folder.tables);
  const file = requiredFile(await folderFiles(directory, folder, mapping), directory, table.name);
  const always = new Date(0);
  const names = [view.key[0]!, ...Object.keys(view.facts)];
  const rows: unknown[][] = [];
  const { rejected, reasons } = await importFile({
    file,
    definition: table,
    mapping: mapping[table.name],
    onAccepted: (accepted) => {
      for (const row of accepted as Readonly<Record<string, unknown>>[])
        rows.push([...names.map((name) => row[name]), always]);
    },
  });
  rows.sort(([a], [b]) => Buffer.compare(Buffer.from(a as string), Buffer.from(b as string)));
  const facts: ViewFacts<Fact> = viewFacts(view, rows);
  return {
    rejected,
    rejects: reasons,
    horizon: (asOf) => Promise.resolve({ asOf, revision: 0 }),
    all: () => Promise.resolve(facts),
  };
}
