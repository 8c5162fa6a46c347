import { HAAT } from '@haat/kit';
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
import { reportOf, startBackfill, undoBackfill, type BackfillRequest } from '../gateway/backfill.queries.ts';
import { completed, hasEnded, type Run } from '../gateway/run.queries.ts';
import { watchRun } from '../gateway/run.watch.ts';
import { changeText } from '../output/change.text.ts';
import { runDetails, runText } from '../output/run.text.ts';
import { addValue, positiveNumber } from './command.values.ts';

interface StartOptions
  extends CommonOptions, Omit<BackfillRequest, 'model' | 'selection' | 'idempotencyKey' | 'rowsPerSecond'> {
  readonly select?: Readonly<Record<string, unknown>>;
  readonly rate?: number;
  readonly key?: string;
  readonly wait: boolean;
}

interface UndoOptions extends CommonOptions {
  readonly force?: boolean;
  readonly reason?: string;
  readonly key?: string;
  readonly wait: boolean;
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

  withGateway(
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
    .option('--chunk-size <rows>', 'rows of one transaction (default: 5000)', wholeNumber(1, 20_000))
    .option('--concurrency <n>', 'chunks under way at once (default: 2)', wholeNumber(1, 64))
    .option('--rate <rows>', 'rows a second at the most', positiveNumber(1e6))
    .option('--key <text>', 'says that a repeat of an identical run is wanted')
    .option('--no-wait', 'start the run and return')
    .action(async (model: string, _: StartOptions, command: Command) => {
      const options = optionsOf(command) as StartOptions;
      const { select, asOf, dryRun, canary, seed, chunkSize, concurrency, rate, key } = options;
      const wish = { selection: select, asOf, dryRun, canary, seed, chunkSize, concurrency, rowsPerSecond: rate };
      const started = await startBackfill(gatewayOf(context, options), { model, ...wish, idempotencyKey: key });
      await watched(context, options, started);
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

  withGateway(
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
    .option('--key <text>', 'says that a repeat of an identical run is wanted')
    .option('--no-wait', 'start the run and return')
    .action(async (run: string, _: UndoOptions, command: Command) => {
      const options = optionsOf(command) as UndoOptions;
      const { force = false, reason, key } = options;
      const started = await undoBackfill(gatewayOf(context, options), { run, force, reason, idempotencyKey: key });
      await watched(context, options, started);
    });
};

/** Watches a run to its end and tells what it changed; with `--no-wait` only says how. */
async function watched(
  context: CliContext,
  options: CommonOptions & { readonly wait: boolean },
  started: Run,
): Promise<void> {
  const output = outputOf(context, options);
  const gateway = gatewayOf(context, options);
  if (!options.wait) return output.result(started, startedText);
  output.note(startedText(started));
  const progress = output.progress(started.id);
  const run = await watchRun(gateway, started.id, (look) =>
    progress.update(look.progress?.fraction ?? null, runText(look)),
  );
  progress.done(run.state);
  const report = await reportOf(gateway, run.id);
  output.result({ ...completed(run), report }, (ended) =>
    [runDetails(ended), ...(ended.report ? [changeText(ended.report)] : [])].join('\n\n'),
  );
}

function startedText(run: Run): string {
  const { id, state } = run;
  if (hasEnded(run)) {
    return `Run ${id} with this wish has ended already (${state}); nothing was started anew. --key TEXT says that a repeat is wanted.`;
  }
  return `Run ${id}. Watch it with: ${HAAT} runs watch ${id}`;
}
