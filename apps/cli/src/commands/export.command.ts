import { domains, HAAT, type Domain } from '@haat/kit';
import { connectDatabase } from '@haat/data-access';
import { Argument, Option } from 'commander';

import { addCommand, withHome, type AddCommand, type CommonOptions } from '../cli.command.ts';
import { outputOf } from '../cli.context.ts';
import { domainTools } from '../domains/domain.table.ts';
import { momentOf } from '../local/local.training.ts';
import { requireRoom } from '../local/written.files.ts';
import { table } from '../output/table.ts';
import { domainDatabaseUrl } from '../stack/stack.database.ts';

interface ExportOptions extends CommonOptions {
  readonly format: 'csv' | 'jsonl' | 'parquet';
  readonly asOf?: string;
  readonly force?: boolean;
}

/** Domains whose facts may leave. */
const exporting = domains.filter((domain) => domainTools[domain].exports !== undefined);

export const addExport: AddCommand = (program, context) => {
  withHome(
    addCommand(program, {
      usage: 'export',
      summary: 'write the database to files',
      description: `Writes the facts of a domain (for packaging products, package-types, counts and tariff.json) as they were known at a moment. "${HAAT} import" and the --local commands read them. Reads the stack that runs, or DATABASE_URL.`,
      examples: [
        ['export packaging world', 'everything, as of now, as CSV'],
        ['export packaging world --format parquet --as-of 2025-03-31', 'as it was known then, as Parquet'],
      ],
    }),
  )
    .addArgument(new Argument('<domain>', 'whose facts').choices(exporting))
    .argument('<dir>', 'folder to write, made when it is not there')
    .addOption(new Option('--format <format>', 'of the files').choices(['csv', 'jsonl', 'parquet']).default('csv'))
    .option('--as-of <time>', 'as known at this moment, ISO 8601 (default: now)')
    .option('--force', 'write over files of these names that are there already')
    .action(async (domain: Domain, dir: string, { format, asOf, force = false, ...options }: ExportOptions) => {
      const { files: written, exportFolder } = await domainTools[domain].exports!();
      requireRoom({ folder: dir, format, files: written, force });
      const database = await connectDatabase({
        url: domainDatabaseUrl(domain, context, options),
        name: 'haat-export',
      });
      try {
        const files = await exportFolder(database, dir, { format, asOf: momentOf(asOf) });
        outputOf(context, options).result({ files }, () =>
          table(files, { file: ({ file }) => file, rows: ({ rows }) => rows }),
        );
      } finally {
        await database.close();
      }
    });
};
