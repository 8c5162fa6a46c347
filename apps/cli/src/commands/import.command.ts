import { HAAT } from '@haat/kit';
import { connectDatabase, readMapping } from '@haat/data-access';
import { importPackaging, packagingEntities, packagingTables, type ImportSummary } from '@haat/packaging/store';
import { Argument } from 'commander';

import { addCommand, withHome, wholeNumber, type AddCommand, type CommonOptions } from '../cli.command.ts';
import { outputOf } from '../cli.context.ts';
import { exitStatus } from '../exit.status.ts';
import { rejectsText } from '../output/rejects.text.ts';
import { table } from '../output/table.ts';
import { packagingDatabaseUrl } from '../stack/stack.database.ts';

interface ImportOptions extends CommonOptions {
  readonly mapping?: string;
  readonly dryRun?: boolean;
  readonly rejects?: string;
  readonly chunk?: number;
}

export const addImport: AddCommand = (program, context) => {
  withHome(
    addCommand(program, {
      usage: 'import',
      summary: 'load files into the database',
      description:
        'Reads products, package-types and counts (CSV, JSONL or Parquet by ending) from a folder and merges them by COPY, one transaction a chunk. A file whose header, encoding or format is wrong is refused and changes nothing; a bad row goes to a rejects file with its line and reason, which can be mended and imported again (exit code 3). Importing twice changes nothing; an interrupted import goes on where it stopped. Writes to the stack that runs, or to DATABASE_URL.',
      examples: [
        ['import packaging world', `the files that "${HAAT} simulate packaging --out world" wrote`],
        ['import packaging world --dry-run', 'check everything, write nothing'],
        ['import packaging files --mapping mapping.json', 'files with other column names and units'],
      ],
    }),
  )
    .addArgument(new Argument('<domain>', 'whose facts').choices(['packaging']))
    .argument('<dir>', 'folder with the files')
    .option('--mapping <file>', 'JSON: { "products": { "weight_g": { "column": "weight", "unit": "kg" } } }')
    .option('--dry-run', 'check everything, say what would change, and write nothing to the database')
    .option('--rejects <dir>', 'folder for the rejects files (default: DIR/rejects)')
    .option('--chunk <records>', 'records of one transaction (default: 65536)', wholeNumber(1))
    .action(async (_domain: string, dir: string, options: ImportOptions) => {
      const output = outputOf(context, options);
      const mapping = options.mapping === undefined ? undefined : await readMapping(options.mapping, packagingTables);
      const database = await connectDatabase({
        url: packagingDatabaseUrl(context, options),
        entities: packagingEntities,
        name: 'haat-import',
      });
      const progress = output.progress('import');
      try {
        const summary = await importPackaging(database, dir, {
          mapping,
          dryRun: options.dryRun,
          rejectsDirectory: options.rejects,
          chunkRecords: options.chunk,
          onProgress: ({ file, rows, bytesRead, bytes }) =>
            progress.update(bytes === 0 ? null : bytesRead / bytes, `${file}: ${rows} rows`),
        });
        progress.done(`${summary.accepted} rows`);
        if (summary.rejected > 0) context.exit = exitStatus.someBadRows;
        output.result(summary, importText);
      } finally {
        await database.close();
      }
    });
};

function importText({ tables, catalogue, dryRun, rejected, dataRevision }: ImportSummary): string {
  const counts = table(tables, {
    file: ({ file }) => file,
    records: ({ records }) => records,
    accepted: ({ accepted }) => accepted,
    [dryRun ? 'would change' : 'changed']: ({ changed }) => changed,
    rejected: ({ rejected: refused }) => refused,
    'rejects file': ({ rejectsFile }) => rejectsFile,
  });
  const types =
    catalogue === null
      ? []
      : [`package-types: ${catalogue.types} types, ${catalogue.changed ? 'a new catalogue version' : 'unchanged'}`];
  const rejects = tables.flatMap(({ reasons }) => reasons);
  const bad = rejected === 0 ? [] : ['', rejectsText({ rejected, rejects })];
  return [
    counts,
    ...types,
    ...bad,
    '',
    dryRun ? 'Dry run: nothing was written.' : `Data revision ${dataRevision}.`,
  ].join('\n');
}
