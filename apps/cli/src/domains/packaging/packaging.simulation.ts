import { HAAT } from '@haat/kit';
import { simulatePackaging, worldFiles, writeWorld, type WorldFormat, type WrittenFile } from '@haat/simulators';
import { writeParquet } from '@haat/data-access';
import { Option, type Command } from 'commander';

import { addCommand, optionsOf, optionsWith, wholeNumber, type CommonOptions } from '../../cli.command.ts';
import { outputOf, type CliContext } from '../../cli.context.ts';
import { exitStatus } from '../../exit.status.ts';
import { knownProducts, rejectsFileOf } from './known.products.ts';
import { requireRoom } from '../../local/written.files.ts';
import { table } from '../../output/table.ts';

interface SimulateOptions extends CommonOptions {
  readonly out: string;
  readonly products?: string;
  readonly mapping?: string;
  readonly count?: number;
  readonly seed: number;
  readonly days?: number;
  readonly format: WorldFormat;
  readonly rejects?: string;
  readonly force?: boolean;
}

export function addPackagingSimulation(simulate: Command, context: CliContext): void {
  const command = addCommand(simulate, {
    usage: 'packaging',
    summary: 'products, package types, shipments and damages',
    description: `Makes products, package types and a history of shipments and damages with a known truth, and writes them as files that "${HAAT} import" and "${HAAT} train --local" read. With --products the products are those of a file; what the file does not say of them (price, flags, demand) is simulated. The same seed gives the same bytes. The truth goes to a folder of its own.`,
    examples: [
      ['simulate packaging --out world', '30,000 made-up products'],
      ['simulate packaging --out world --count 500 --seed 7 --format parquet', 'a small world, as Parquet'],
      [
        'simulate packaging --out world --products my.csv --mapping my.mapping.json',
        'real products, simulated history',
      ],
    ],
  })
    .requiredOption('--out <dir>', 'folder to write, made when it is not there')
    .option('--count <n>', 'how many products to make up (default: 30000)', wholeNumber(1, 10_000_000))
    .addOption(
      new Option('--products <file>', 'products whose attributes are known (CSV, JSONL or Parquet)').conflicts('count'),
    )
    .option('--seed <n>', 'seed of all randomness', wholeNumber(0), 1)
    .option('--days <n>', 'days of history (default: 90)', wholeNumber(1, 3660))
    .addOption(new Option('--format <format>', 'of the files').choices(['csv', 'jsonl', 'parquet']).default('csv'))
    .option('--force', 'write over files of these names that are there already');
  optionsWith(command, 'products', [
    ['--mapping <file>', 'JSON that names the columns and units of the file'],
    ['--rejects <file>', 'where bad rows go; default: OUT/products.rejects.csv'],
  ]).action(async (options: SimulateOptions, simulation: Command) => {
    const output = outputOf(context, optionsOf(simulation));
    const inputs = [options.products, options.mapping].filter((file) => file !== undefined);
    requireRoom({
      folder: options.out,
      format: options.format,
      files: worldFiles,
      besides: options.products === undefined ? [] : [rejectsFileOf(options)],
      inputs,
      force: options.force ?? false,
    });
    const known = options.products === undefined ? null : await knownProducts(options.products, options);
    const world = simulatePackaging({
      seed: options.seed,
      ...(options.days !== undefined && { days: options.days }),
      ...(known !== null ? { products: known.products } : options.count !== undefined && { products: options.count }),
    });
    const files = await writeWorld(world, options.out, options.format, { parquet: writeParquet });
    if (known !== null && known.rejected > 0) context.exit = exitStatus.someBadRows;
    output.result(
      { seed: options.seed, rejected: known?.rejected ?? 0, rejects: known?.rejects ?? null, files },
      (value) => simulatedText(value, value.files),
    );
  });
}

function simulatedText(
  { rejected, rejects }: { rejected: number; rejects: string | null },
  files: readonly WrittenFile[],
): string {
  const written = table(files, { file: ({ file }) => file, rows: ({ rows }) => rows });
  return rejected === 0 ? written : `${written}\n\n${rejected} bad rows were left out: ${rejects}`;
}
