import type { Command } from 'commander';

import {
  addCommand,
  optionsOf,
  wholeNumber,
  withGateway,
  type AddCommand,
  type CommonOptions,
} from '../cli.command.ts';
import { gatewayOf, outputOf } from '../cli.context.ts';
import { watchedRun } from '../follow/followed.run.ts';
import { driftOf, startDrift } from '../gateway/monitoring.queries.ts';
import { driftText } from '../output/drift.text.ts';

export const addDrift: AddCommand = (program, context) => {
  const drift = withGateway(
    addCommand(program, {
      usage: 'drift [model]',
      summary: 'what goes into a model, beside what it learned from',
      description:
        'Shows the stability index (PSI) of each feature on the newest day that was profiled, what chance alone stays below, the missing share, and the days before as a line: the index over its threshold, a full bar where it exceeds it. Profiles are made by the schedule or by hand.',
      examples: [
        ['drift packaging/damage', 'the last 14 days'],
        ['drift packaging/damage --days 30 --json', 'for a program'],
        ['drift profile packaging/damage --day 2026-03-31', 'make the profile of a day'],
      ],
    }),
  )
    .option('--days <n>', 'how many days', wholeNumber(1, 366), 14)
    .action(async (model: string | undefined, options: CommonOptions & { readonly days: number }, command: Command) => {
      if (model === undefined) return command.help({ error: true });
      const days = await driftOf(gatewayOf(context, options), model, options.days);
      outputOf(context, options).result(days, driftText);
    });

  withGateway(
    addCommand(drift, {
      usage: 'profile <model>',
      summary: 'make the profile of a day',
      description: 'Profiles what went into the model on a day; yesterday (UTC) otherwise. Watches to the end.',
      examples: [['drift profile packaging/damage', 'yesterday']],
    }),
  )
    .option('--day <day>', 'YYYY-MM-DD, UTC')
    .option('--key <text>', 'says that a repeat is wanted')
    .action(async (model: string, _: CommonOptions, command: Command) => {
      const options = optionsOf(command) as CommonOptions & { readonly day?: string; readonly key?: string };
      const { day, key } = options;
      const id = await startDrift(gatewayOf(context, options), { model, day, idempotencyKey: key });
      await watchedRun(context, options, id);
    });
};
