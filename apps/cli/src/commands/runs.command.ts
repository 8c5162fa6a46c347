import { HAAT } from '@haat/kit';
import { join } from 'node:path';

import { Option, type Command } from 'commander';

import {
  addCommand,
  optionsOf,
  withGateway,
  wholeNumber,
  type AddCommand,
  type CommonOptions,
} from '../cli.command.ts';
import { gatewayOf, homeOf, outputOf } from '../cli.context.ts';
import { followedRun, watchedRun, withRun, type RunOptions } from '../follow/followed.run.ts';
import { followRun, lineText } from '../follow/run.follower.ts';
import { askOfRun, diagnosisOf, replayRun, runOf, runsOf, type RunDeed } from '../gateway/run.queries.ts';
import { diagnosisText, runDetails, runText } from '../output/run.text.ts';
import { table } from '../output/table.ts';

const states = ['queued', 'running', 'completed', 'failed', 'cancelled'] as const;

interface RunsOptions extends CommonOptions {
  readonly first: number;
  readonly model?: string;
  readonly state?: (typeof states)[number];
}

interface LogsOptions extends CommonOptions {
  readonly follow?: boolean;
}

/** What an operator can ask of a run; what it will have done soon is no news of how it stands now. */
const deeds: readonly (readonly [name: string, deed: RunDeed, summary: string])[] = [
  ['pause', 'pauseRun', 'begin no further chunk until it is resumed'],
  ['resume', 'resumeRun', 'go on'],
  ['cancel', 'cancelRun', 'stop; it has stopped when its state is "cancelled"'],
];

const withFilters = (command: Command) =>
  command
    .option('--first <n>', 'how many', wholeNumber(1, 100), 20)
    .option('--model <model>', 'only runs of this model')
    .addOption(new Option('--state <state>', 'only runs in this state').choices(states));

export const addRuns: AddCommand = (program, context) => {
  const list = async (options: RunsOptions) => {
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
  };
  const runs = withGateway(
    addCommand(program, {
      usage: 'runs',
      summary: 'runs: list, show, watch, logs, pause, resume, cancel, retry, replay',
      description:
        'Lists the runs of workflows, the newest first; shows one and what can be done about it, watches or steers it.',
      examples: [
        ['runs --state running', 'what runs now'],
        ['runs show train/packaging-damage/0123456789abcdef', 'one run, step by step'],
        ['runs watch train/packaging-damage/0123456789abcdef', 'until it ends'],
        ['runs logs --follow backfill/packaging-damage/0123456789abcdef', 'what happens to it'],
        ['runs retry backfill/packaging-damage/0123456789abcdef', 'again, when it failed'],
        ['runs cancel train/packaging-damage/0123456789abcdef', 'ask it to stop'],
      ],
    }),
  ).action(async (options: RunsOptions) => list(options));
  withFilters(runs);

  const one = (name: string, summary: string, does: string) =>
    withGateway(
      addCommand(runs, {
        usage: `${name} <run>`,
        summary,
        description: does,
        examples: [[`runs ${name} train/packaging-damage/0123456789abcdef`, summary]],
      }),
    );

  withFilters(
    withGateway(
      addCommand(runs, {
        usage: 'list',
        summary: 'the newest runs',
        description: 'Lists the runs of workflows, the newest first; the same as runs alone.',
        examples: [['runs list --state failed', 'what failed']],
      }),
    ),
  ).action((_: RunsOptions, command: Command) => list(optionsOf(command) as RunsOptions));

  one('show', 'one run, step by step', 'Shows a run with its steps, metrics and outcome.').action(
    async (id: string, _: CommonOptions, command: Command) => {
      const options = optionsOf(command);
      const gateway = gatewayOf(context, options);
      const run = await runOf(gateway, id);
      const diagnosis = await diagnosisOf(gateway, id);
      outputOf(context, options).result({ ...run, ...diagnosis }, (both) =>
        [runDetails(both), diagnosisText(both)].filter(Boolean).join('\n\n'),
      );
    },
  );

  one('watch', 'until it ends', 'Shows the progress of a run until it ends; exit code 1 unless it completed.').action(
    (id: string, _: CommonOptions, command: Command) => watchedRun(context, optionsOf(command), id),
  );

  one(
    'logs',
    'what happened to it',
    "Prints what happened to a run, from the history that Temporal keeps, and what the worker of a stack on this machine logged for it (the stack's worker.log).",
  )
    .option('--follow', 'go on until it ends')
    .action(async (id: string, _: CommonOptions, command: Command) => {
      const options: LogsOptions = optionsOf(command);
      const output = outputOf(context, options);
      const world = {
        gateway: gatewayOf(context, options),
        workerLog: join(homeOf(context, options).logs, 'worker.log'),
      };
      await followRun(world, id, options.follow ?? false, (line) => output.line(line, lineText));
    });

  for (const [name, deed, summary] of deeds) {
    one(name, summary, `Asks a run: ${summary}.`).action(async (id: string, _: CommonOptions, command: Command) => {
      const options = optionsOf(command);
      const asked = await askOfRun(gatewayOf(context, options), deed, id);
      outputOf(context, options).result(
        asked,
        () => `Asked run ${id}: ${summary}. See it with: ${HAAT} runs show ${id}`,
      );
    });
  }

  withRun(
    addCommand(runs, {
      usage: 'replay <run>',
      summary: 'compute the answer of a run of inference again, and compare it',
      description:
        'Computes what a run of inference, or one that took a day in, kept again: from what was known then, by its version and seed. Exit code 1 where it does not come out the same.',
      examples: [['runs replay infer/risk-transmission/0123456789abcdef', 'is its answer still what its facts say?']],
    }),
  ).action((id: string, _: RunOptions, command: Command) => {
    const options = optionsOf(command) as RunOptions;
    return followedRun(context, options, (gateway) => replayRun(gateway, id, options.key), { title: `replay ${id}` });
  });

  one('retry', 'try again, as another run, what failed or was cancelled', 'Starts another run like it.').action(
    async (id: string, _: CommonOptions, command: Command) => {
      const options = optionsOf(command);
      outputOf(context, options).result(await askOfRun(gatewayOf(context, options), 'retryRun', id), runDetails);
    },
  );
};
