import { writeParquet } from '@haat/data-access';
import {
  cityMeetings,
  cityParameters,
  outbreakFiles,
  simulateOutbreak,
  writeOutbreak,
  type WorldFormat,
} from '@haat/simulators';
import { Option, type Command } from 'commander';

import { addCommand, optionsOf, wholeNumber, type CommonOptions } from '../../cli.command.ts';
import { outputOf, type CliContext } from '../../cli.context.ts';
import { positiveNumber } from '../../commands/command.values.ts';
import { requireRoom } from '../../local/written.files.ts';
import { table } from '../../output/table.ts';

interface SimulateRiskOptions extends CommonOptions {
  readonly out: string;
  readonly count: number;
  readonly days: number;
  readonly firstDay: string;
  readonly adoption: number;
  readonly tests: number;
  readonly seed: number;
  readonly format: WorldFormat;
  readonly force?: boolean;
}

/** The world of the domain of risk: an outbreak in a city's households, work places and chance meetings. */
export function addRiskSimulation(simulate: Command, context: CliContext): void {
  addCommand(simulate, {
    usage: 'risk',
    summary: 'persons, contacts, tests and reports of an outbreak',
    description: `Lets an outbreak run through households, work places and chance meetings, and writes what apps and tests saw of it as files that imports of risk read, with the parameters of its transmission. Who reports symptoms is tested, and persons drawn at random. Who was infected when and by whom goes to the folder truth. The same seed gives the same bytes.`,
    examples: [
      ['simulate risk --out outbreak', '1,000 persons, 60 days'],
      ['simulate risk --out outbreak --count 200 --days 30 --adoption 0.6', 'fewer of both, and apps of six in ten'],
    ],
  })
    .requiredOption('--out <dir>', 'folder to write, made when it is not there')
    .option('--count <n>', 'persons', wholeNumber(1, 1_000_000), 1_000)
    .option('--days <n>', 'days', wholeNumber(1, 254), 60)
    .option('--first-day <day>', 'date of the first day, YYYY-MM-DD', '2026-01-01')
    .option('--adoption <share>', 'share of persons who have the app, above 0', positiveNumber(1), 1)
    .option('--tests <n>', 'tests a day at random, besides those of who reports', wholeNumber(0, 1_000_000), 10)
    .option('--seed <n>', 'seed of all randomness', wholeNumber(0), 1)
    .addOption(new Option('--format <format>', 'of the files').choices(['csv', 'jsonl', 'parquet']).default('csv'))
    .option('--force', 'write over files of these names that are there already')
    .action(async (options: SimulateRiskOptions, command: Command) => {
      const { out, count, days, firstDay, adoption, tests, seed, format, force = false } = options;
      requireRoom({ folder: out, format, files: outbreakFiles, besides: [], inputs: [], force });
      const world = simulateOutbreak({
        seed,
        persons: count,
        days,
        parameters: cityParameters,
        meetings: cityMeetings,
        adoption,
        testing: { capacity: count, ofReports: 1, random: tests, randomKind: 1 },
      });
      const files = await writeOutbreak(world, firstDay, out, format, { parquet: writeParquet });
      outputOf(context, optionsOf(command)).result({ seed, files }, ({ files: written }) =>
        table(written, { file: ({ file }) => file, rows: ({ rows }) => rows }),
      );
    });
}
