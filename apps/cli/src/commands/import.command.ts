import { domains, HAAT, type Domain } from '@haat/kit';
import { connectDatabase, type FolderImportSummary } from '@haat/data-access';
import { Argument } from 'commander';

import { addCommand, withHome, wholeNumber, type AddCommand, type CommonOptions } from '../cli.command.ts';
import { outputOf } from '../cli.context.ts';
import { domainTools } from '../domains/domain.table.ts';
import { exitStatus } from '../exit.status.ts';
import { rejectsText } from '../output/rejects.text.ts';
import { table } from '../output/table.ts';
import { domainDatabaseUrl } from '../stack/stack.database.ts';

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
        'Reads the tables of a domain (CSV, JSONL or Parquet by ending; for packaging products, package-types and counts) from a folder and merges them by COPY, one transaction a chunk. A file whose header, encoding or format is wrong is refused and changes nothing; a bad row goes to a rejects file with its line and reason, which can be mended and imported again (exit code 3). Importing twice changes nothing; an interrupted import goes on where it stopped. Writes to the stack that runs, or to DATABASE_URL.',
      examples: [
        ['import packaging world', `the files that "${HAAT} simulate packaging --out world" wrote`],
        ['import packaging world --dry-run', 'check everything, write nothing'],
        ['import packaging files --mapping mapping.json', 'files with other column names and units'],
      ],
    }),
  )
    .addArgument(new Argument('<domain>', 'whose facts').choices(domains))
    .argument('<dir>', 'folder with the files')
    .option('--mapping <file>', 'JSON: { "products": { "weight_g": { "column": "weight", "unit": "kg" } } }')
    .option('--dry-run', 'check everything, say what would change, and write nothing to the database')
    .option('--rejects <dir>', 'folder for the rejects files (default: DIR/rejects)')
    .option('--chunk <records>', 'records of one transaction (default: 65536)', wholeNumber(1))
    .action(async (domain: Domain, dir: string, options: ImportOptions) => {
      const output = outputOf(context, options);
      const { importFolder, notes } = await domainTools[domain].imports();
      const url = domainDatabaseUrl(domain, context, options);
      const database = await connectDatabase({ url, name: 'haat-import' });
      const progress = output.progress('import');
      try {
        const summary = await importFolder(database, dir, {
          mapping: options.mapping,
          dryRun: options.dryRun,
          rejectsDirectory: options.rejects,
          chunkRecords: options.chunk,
          onProgress: ({ file, rows, bytesRead, bytes }) =>
            progress.update(bytes === 0 ? null : bytesRead / bytes, `${file}: ${rows} rows`),
        });
        progress.done(`${summary.accepted} rows`);
        if (summary.rejected > 0) context.exit = exitStatus.someBadRows;
        output.result(summary, () => importText(summary, notes(summary)));
      } finally {
        await database.close();
      }
    });
};

function importText({ tables, dryRun, rejected, dataRevision }: FolderImportSummary, notes: readonly string[]): string {
  const counts = table(tables, {
    file: ({ file }) => file,
    records: ({ records }) => records,
    accepted: ({ accepted }) => accepted,
    [dryRun ? 'would change' : 'changed']: ({ changed }) => changed,
    rejected: ({ rejected: refused }) => refused,
    'rejects file': ({ rejectsFile }) => rejectsFile,
  });
  const rejects = tables.flatMap(({ reasons }) => reasons);
  const bad = rejected === 0 ? [] : ['', rejectsText({ rejected, rejects })];
  return [
    counts,
    ...notes,
    ...bad,
    '',
    dryRun ? 'Dry run: nothing was written.' : `Data revision ${dataRevision}.`,
  ].join('\n');
}
