import { writeParquet } from '@haat/data-access';
import { riskWorldFiles, simulateRisk, writeRiskWorld, type WorldFormat } from '@haat/simulators';
import { Option, type Command } from 'commander';

import { addCommand, wholeNumber, type CommonOptions } from '../../cli.command.ts';
import { outputOf, type CliContext } from '../../cli.context.ts';
import { requireRoom } from '../../local/written.files.ts';
import { table } from '../../output/table.ts';

interface SimulateOptions extends CommonOptions {
  readonly out: string;
  readonly persons: number;
  readonly days: number;
  readonly infected: number;
  readonly lastDay?: string;
  readonly seed: number;
  readonly format: WorldFormat;
  readonly force?: boolean;
}

export function addRiskSimulation(simulate: Command, context: CliContext): void {
  addCommand(simulate, {
    usage: 'risk',
    summary: 'persons, contacts, tests and reports of an outbreak',
    description:
      'Makes an outbreak among persons of households and workplaces, with tests and reports of symptoms, and writes it as files that the import reads. Who infected whom goes to a folder of its own. The same options give the same bytes.',
    examples: [
      ['simulate risk --out outbreak', '2,000 persons, 28 days'],
      ['simulate risk --out outbreak --persons 100000 --last-day 2026-03-31', 'a large one, up to a day'],
    ],
  })
    .requiredOption('--out <dir>', 'folder to write, made when it is not there')
    .option('--persons <n>', 'how many persons', wholeNumber(2, 1_000_000), 2_000)
    .option('--days <n>', 'days that pass', wholeNumber(2, 254), 28)
    .option('--infected <n>', 'persons who are infected on the first day', wholeNumber(0, 1_000_000), 5)
    .option('--last-day <day>', 'YYYY-MM-DD (default: today, UTC)')
    .option('--seed <n>', 'seed of all randomness', wholeNumber(0), 1)
    .addOption(new Option('--format <format>', 'of the files').choices(['csv', 'jsonl', 'parquet']).default('csv'))
    .option('--force', 'write over files of these names that are there already')
    .action(async ({ out: folder, format, force = false, lastDay, ...options }: SimulateOptions) => {
      requireRoom({ folder, format, files: riskWorldFiles, force });
      const { seed, persons, days, infected } = options;
      const last = lastDay ?? new Date().toISOString().slice(0, 10);
      const world = simulateRisk({ seed, persons, days, infected, lastDay: last });
      const files = await writeRiskWorld(world, folder, format, { parquet: writeParquet });
      outputOf(context, options).result({ seed, files }, () =>
        table(files, { file: ({ file }) => file, rows: ({ rows }) => rows }),
      );
    });
}
