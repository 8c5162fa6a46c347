import { writeParquet } from '@haat/data-access';
import { outbreakFiles, simulateCity, writeOutbreak, type WorldFormat } from '@haat/simulators';
import { Option, type Command } from 'commander';

import { addCommand, optionsOf, wholeNumber, type CommonOptions } from '../../cli.command.ts';
import { outputOf, type CliContext } from '../../cli.context.ts';
import { calendarDay, positiveNumber } from '../../commands/command.values.ts';
import { requireRoom } from '../../local/written.files.ts';
import { table } from '../../output/table.ts';

interface SimulateOptions extends CommonOptions {
  readonly out: string;
  readonly persons: number;
  readonly days: number;
  readonly lastDay?: string;
  readonly adoption: number;
  readonly tests?: number;
  readonly seed: number;
  readonly format: WorldFormat;
  readonly force?: boolean;
}

/** The world of the domain of risk: an outbreak in a city's households, work places and chance meetings. */
export function addRiskSimulation(simulate: Command, context: CliContext): void {
  addCommand(simulate, {
    usage: 'risk',
    summary: 'persons, contacts, tests and reports of an outbreak',
    description:
      'Lets an outbreak run through households, work places and chance meetings, and writes what apps and tests saw of it as files that imports of risk and "risk infer" read, with the parameters of its transmission. Who reports symptoms is tested, and persons drawn at random. Who was infected when and by whom goes to the folder truth. The same options give the same bytes.',
    examples: [
      ['simulate risk --out outbreak', '2,000 persons, the last 28 days'],
      ['simulate risk --out outbreak --persons 200 --adoption 0.6', 'fewer persons, and apps of six in ten'],
      ['simulate risk --out outbreak --persons 100000 --last-day 2026-03-31', 'a large one, up to a day'],
    ],
  })
    .requiredOption('--out <dir>', 'folder to write, made when it is not there')
    .option('--persons <n>', 'how many persons', wholeNumber(1, 1_000_000), 2_000)
    .option('--days <n>', 'days that pass', wholeNumber(1, 254), 28)
    .option('--last-day <day>', 'YYYY-MM-DD (default: today, UTC)', calendarDay)
    .option('--adoption <share>', 'share of persons who have the app, above 0', positiveNumber(1), 1)
    .option(
      '--tests <n>',
      'tests a day at random, besides those of who reports (default: one for 100 persons)',
      wholeNumber(0, 1_000_000),
    )
    .option('--seed <n>', 'seed of all randomness', wholeNumber(0), 1)
    .addOption(new Option('--format <format>', 'of the files').choices(['csv', 'jsonl', 'parquet']).default('csv'))
    .option('--force', 'write over files of these names that are there already')
    .action(async (options: SimulateOptions, command: Command) => {
      const { out: folder, persons, days, adoption, tests, seed, format, force = false } = options;
      const lastDay = options.lastDay ?? new Date().toISOString().slice(0, 10);
      requireRoom({ folder, format, files: outbreakFiles, force });
      const world = simulateCity({ seed, persons, days, adoption, ...(tests !== undefined && { tests }) });
      const files = await writeOutbreak(world, lastDay, folder, format, { parquet: writeParquet });
      outputOf(context, optionsOf(command)).result({ seed, files }, () =>
        table(files, { file: ({ file }) => file, rows: ({ rows }) => rows }),
      );
    });
}
