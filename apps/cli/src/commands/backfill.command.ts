import type { Command } from 'commander';

import {
  addCommand,
  optionsOf,
  withGateway,
  wholeNumber,
  type AddCommand,
  type CommonOptions,
} from '../cli.command.ts';
import { gatewayOf, outputOf, type CliContext } from '../cli.context.ts';
import { cliError } from '../cli.errors.ts';
import { followedRun, withRun, type Following, type RunOptions } from '../follow/followed.run.ts';
import {
  reportOf,
  startBackfill,
  undoBackfill,
  type BackfillRequest,
  type PaceWish,
} from '../gateway/backfill.queries.ts';
import { changeText } from '../output/change.text.ts';
import { runDetails } from '../output/run.text.ts';
import { addValue, positiveNumber } from './command.values.ts';

interface PaceOptions extends RunOptions, Omit<PaceWish, 'rowsPerSecond'> {
  readonly rate?: number;
}

interface StartOptions
  extends PaceOptions, Omit<BackfillRequest, 'model' | 'selection' | 'idempotencyKey' | keyof PaceWish> {
  readonly select?: Readonly<Record<string, unknown>>;
}

interface UndoOptions extends PaceOptions {
  readonly force?: boolean;
  readonly reason?: string;
}

const aRun = 'backfill/packaging-damage/0123456789abcdef';

export const addBackfill: AddCommand = (program, context) => {
  const backfill = addCommand(program, {
    usage: 'backfill',
    summary: 'compute rows anew: start, diff, undo',
    description: "Computes a model's rows anew through its domain's serving, shows what changes, and undoes it.",
    examples: [
      ['backfill start packaging/damage --dry-run', 'what would change'],
      ['backfill start packaging/damage', 'recommend a package for all that have none or a stale one'],
      [`backfill diff ${aRun}`, 'what it changed'],
      [`backfill undo ${aRun}`, 'give its rows back what they were'],
    ],
  });

  withPace(
    addCommand(backfill, {
      usage: 'start <model>',
      summary: 'start, and watch',
      description: 'Starts a backfill and watches it; the same wish over the same data runs once.',
      examples: [
        ['backfill start packaging/damage --canary 0.05', 'one product in twenty'],
        ['backfill start packaging/damage --select which=all --rate 500', 'every product, slowly'],
      ],
    }),
  )
    .option('--select <name=value>', "what is selected, in the domain's own words, more than once", addValue)
    .option('--as-of <time>', 'bound of event time, ISO 8601 (default: now)')
    .option('--dry-run', 'compute, compare, and write nothing')
    .option('--canary <share>', 'only this share of the rows, in (0, 1]', positiveNumber(1))
    .option('--seed <n>', 'chooses the share (default: 1)', wholeNumber(0))
    .action(async (model: string, _: StartOptions, command: Command) => {
      const options = optionsOf(command) as StartOptions;
      const { select, asOf, dryRun, canary, seed, key } = options;
      const wish = { selection: select, asOf, dryRun, canary, seed, ...paceOf(options) };
      const request = { model, ...wish, idempotencyKey: key };
      await followedRun(context, options, (gateway) => startBackfill(gateway, request), withReport(context, options));
    });

  withGateway(
    addCommand(backfill, {
      usage: 'diff <run>',
      summary: 'what a run changed',
      description: 'Shows what a backfill or an undo changed, or in a dry run would change: before -> after.',
      examples: [[`backfill diff ${aRun}`, 'counts, sums and examples']],
    }),
  ).action(async (id: string, _: CommonOptions, command: Command) => {
    const options = optionsOf(command);
    const report = await reportOf(gatewayOf(context, options), id);
    if (report === null) throw cliError('USAGE', `Run ${id} changes no rows: it is no backfill, or has not begun`);
    outputOf(context, options).result(report, changeText);
  });

  withPace(
    addCommand(backfill, {
      usage: 'undo <run>',
      summary: 'give its rows back what they were',
      description:
        'Gives each row of a backfill back what it was, to the byte; rows that were changed since are kept and reported.',
      examples: [[`backfill undo ${aRun} --reason "wrong plan"`, 'and say why']],
    }),
  )
    .option('--force', 'put back rows that were changed since, too')
    .option('--reason <text>', 'why, for the audit trail')
    .action(async (run: string, _: UndoOptions, command: Command) => {
      const options = optionsOf(command) as UndoOptions;
      const { force = false, reason, key } = options;
      const request = { run, force, reason, ...paceOf(options), idempotencyKey: key };
      await followedRun(context, options, (gateway) => undoBackfill(gateway, request), withReport(context, options));
    });
};

/** Options of a run that goes through rows. */
function withPace(command: Command): Command {
  return withRun(command)
    .option('--chunk-size <rows>', 'rows of one transaction (default: 5000)', wholeNumber(1, 20_000))
    .option('--concurrency <n>', 'chunks under way at once (default: 2)', wholeNumber(1, 64))
    .option('--rate <rows>', 'rows a second at the most', positiveNumber(1e6));
}

const paceOf = ({ chunkSize, concurrency, rate }: PaceOptions): PaceWish => ({
  chunkSize,
  concurrency,
  rowsPerSecond: rate,
});

/** Tells with the run what it changed. */
function withReport(context: CliContext, options: CommonOptions): Following {
  return {
    async tell(run, gateway) {
      const report = await reportOf(gateway, run.id);
      outputOf(context, options).result({ ...run, report }, (ended) =>
        [runDetails(ended), ...(ended.report ? [changeText(ended.report)] : [])].join('\n\n'),
      );
    },
  };
}
