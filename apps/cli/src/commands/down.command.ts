import { HAAT } from '@haat/kit';
import { setTimeout as sleep } from 'node:timers/promises';

import { isAlive, lockOwner, stopLeftovers, type Home } from '@haat/dev-stack';

import { addCommand, withHome, type AddCommand, type CommonOptions } from '../cli.command.ts';
import { homeOf, outputOf } from '../cli.context.ts';

/** How long the launcher may take to stop its stack before its services are stopped from here, in milliseconds. */
const LAUNCHER_GRACE_MS = 60_000;

export const addDown: AddCommand = (program, context) => {
  withHome(
    addCommand(program, {
      usage: 'down',
      summary: 'stop a stack that runs',
      description: `Stops every service of the stack, in order, and whatever a killed "${HAAT} up" left behind. State is kept.`,
      examples: [
        ['down', 'stop the stack of this checkout'],
        ['down --home DIR', 'stop the one with this state folder'],
      ],
    }),
  ).action(async (options: CommonOptions) => {
    const output = outputOf(context, options);
    const stopped = await stopStack(homeOf(context, options));
    output.result({ stopped }, () => (stopped.length === 0 ? 'Nothing runs.' : `Stopped: ${stopped.join(', ')}.`));
  });
};

/** Stops the stack of a state folder, through its launcher where that lives. Returns what was stopped. */
export async function stopStack(home: Home): Promise<readonly string[]> {
  const launcher = lockOwner(home);
  if (launcher === null) return stopLeftovers(home);
  process.kill(launcher.pid, 'SIGTERM');
  const deadline = Date.now() + LAUNCHER_GRACE_MS;
  while (isAlive(launcher) && Date.now() < deadline) await sleep(50);
  return ['launcher', ...(await stopLeftovers(home))];
}
