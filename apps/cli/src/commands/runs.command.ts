import { Option, type Command } from 'commander';

import {
  addCommand,
  optionsOf,
  withGateway,
  wholeNumber,
  type AddCommand,
  type CommonOptions,
} from '../cli.command.ts';
import { gatewayOf, outputOf } from '../cli.context.ts';
import { cancelRun, completed, runOf, runsOf } from '../gateway/run.queries.ts';
import { watchRun } from '../gateway/run.watch.ts';
import { runDetails, runText } from '../output/run.text.ts';
import { table } from '../output/table.ts';

const states = ['queued', 'running', 'completed', 'failed', 'cancelled'] as const;

interface RunsOptions extends CommonOptions {
  readonly first: number;
  readonly model?: string;
  readonly state?: (typeof states)[number];
}

export const addRuns: AddCommand = (program, context) => {
  const runs = withGateway(
    addCommand(program, {
      usage: 'runs',
      summary: 'runs: list, show, watch, cancel',
      description: 'Lists the runs of workflows, the newest first; shows, watches or cancels one.',
      examples: [
        ['runs --state running', 'what runs now'],
        ['runs show train/packaging-damage/0123456789abcdef', 'one run, step by step'],
        ['runs watch train/packaging-damage/0123456789abcdef', 'until it ends'],
        ['runs cancel train/packaging-damage/0123456789abcdef', 'ask it to stop'],
      ],
    }),
  )
    .option('--first <n>', 'how many', wholeNumber(1, 100), 20)
    .option('--model <model>', 'only runs of this model')
    .addOption(new Option('--state <state>', 'only runs in this state').choices(states))
    .action(async (options: RunsOptions) => {
      const { first, model, state } = options;
      const found = await runsOf(gatewayOf(context, options), { first, model, state });
      outputOf(context, options).result(found, (rows) =>
        table(rows, {
          run: ({ id }) => id,
          state: ({ state: now }) => now,
          progress: (run) => (run.state === 'running' ? runText(run) : null),
          started: ({ startedAt }) => startedAt,
          version: ({ version }) => version?.id,
        }),
      );
    });

  const one = (name: string, summary: string, does: string) =>
    withGateway(
      addCommand(runs, {
        usage: `${name} <run>`,
        summary,
        description: does,
        examples: [[`runs ${name} train/packaging-damage/0123456789abcdef`, summary]],
      }),
    );

  one('show', 'one run, step by step', 'Shows a run with its steps, metrics and outcome.').action(
    async (id: string, _: CommonOptions, command: Command) => {
      const options = optionsOf(command);
      outputOf(context, options).result(await runOf(gatewayOf(context, options), id), runDetails);
    },
  );

  one('watch', 'until it ends', 'Shows the progress of a run until it ends; exit code 1 unless it completed.').action(
    async (id: string, _: CommonOptions, command: Command) => {
      const options = optionsOf(command);
      const output = outputOf(context, options);
      const progress = output.progress(id);
      const run = await watchRun(gatewayOf(context, options), id, (look) =>
        progress.update(look.progress?.fraction ?? null, runText(look)),
      );
      progress.done(run.state);
      output.result(completed(run), runDetails);
    },
  );

  one('cancel', 'ask it to stop', 'Asks a run to stop; it has stopped when its state is "cancelled".').action(
    async (id: string, _: CommonOptions, command: Command) => {
      const options = optionsOf(command);
      outputOf(context, options).result(await cancelRun(gatewayOf(context, options), id), runDetails);
    },
  );
};
