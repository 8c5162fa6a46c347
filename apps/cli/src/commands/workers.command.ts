import type { Command } from 'commander';

import { makeBuildCurrent, workerBuilds, type Temporal } from '@haat/workflows/client';

import { addCommand, optionsOf, withHome, type AddCommand, type CommonOptions } from '../cli.command.ts';
import { outputOf, type CliContext } from '../cli.context.ts';
import { table } from '../output/table.ts';
import { connectStackTemporal } from '../stack/stack.temporal.ts';

export const addWorkers: AddCommand = (program, context) => {
  const workers = withHome(
    addCommand(program, {
      usage: 'workers',
      summary: 'builds of the worker, and which takes new runs',
      description:
        'Lists the builds of the worker that Temporal knows (WORKER_BUILD_ID), and says which one new runs begin on. A run stays on the build that it began on: stop the workers of a build when it is drained. Asks the server of TEMPORAL_ADDRESS, else that of the stack that runs.',
      examples: [
        ['workers', 'all builds'],
        ['workers current 2026.11.2', 'new runs begin on this build from now on'],
      ],
    }),
  ).action(async (options: CommonOptions) => {
    const builds = await withTemporal(context, options, workerBuilds);
    outputOf(context, options).result(builds, (rows) =>
      rows.length === 0
        ? 'Workers are not versioned: any worker takes any run.'
        : table(rows, { build: ({ buildId }) => buildId, state: ({ state }) => state }),
    );
  });

  withHome(
    addCommand(workers, {
      usage: 'current <build>',
      summary: 'let new runs begin on a build',
      description:
        'Lets runs that begin from now on begin on a build whose workers poll. Those that run stay where they are. Going back is the same command with the build before.',
      examples: [['workers current 2026.11.2', 'new runs begin on this build from now on']],
    }),
  ).action(async (build: string, _: CommonOptions, command: Command) => {
    const options = optionsOf(command);
    await withTemporal(context, options, (temporal) => makeBuildCurrent(temporal, build));
    outputOf(context, options).result({ current: build }, () => `New runs begin on ${build}.`);
  });
};

async function withTemporal<T>(
  context: CliContext,
  options: CommonOptions,
  work: (temporal: Temporal) => Promise<T>,
): Promise<T> {
  const temporal = await connectStackTemporal(context, options);
  try {
    return await work(temporal);
  } finally {
    await temporal.close();
  }
}
