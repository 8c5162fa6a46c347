import { HAAT } from '@haat/kit';
import { existsSync, readdirSync } from 'node:fs';
import { rm, rmdir } from 'node:fs/promises';

import confirm from '@inquirer/confirm';
import { removeEmbeddedPostgres } from '@haat/data-access/embedded';
import { type Home } from '@haat/dev-stack';
import { restoreLeftovers } from '@haat/dev-stack/backup';

import { addCommand, withHome, type AddCommand, type CommonOptions } from '../cli.command.ts';
import { homeOf, outputOf } from '../cli.context.ts';
import { cliError } from '../cli.errors.ts';
import { stopStack } from './down.command.ts';

export const addReset: AddCommand = (program, context) => {
  withHome(
    addCommand(program, {
      usage: 'reset',
      summary: 'remove all state, after asking',
      description: `Stops the stack, then removes its database, the history of its workflows, its artifacts, passwords and logs. The next "${HAAT} up" starts anew.`,
      examples: [
        ['reset', 'ask, then remove'],
        ['reset --yes', 'remove without asking'],
      ],
    }),
  )
    .option('--yes', 'do not ask')
    .action(async (options: CommonOptions & { yes?: boolean }) => {
      const output = outputOf(context, options);
      const home = homeOf(context, options);
      const removed = stateOf(home);
      if (removed.length > 0) requireOurs(home);
      if (removed.length === 0) return output.result({ removed }, () => `There is no state in ${home.root}.`);
      if (!options.yes && !(await agreed(home))) return output.result({ removed: [] }, () => 'Nothing was removed.');
      await stopStack(home);
      removeEmbeddedPostgres(home.postgres);
      for (const path of removed) await rm(path, { recursive: true, force: true });
      if (existsSync(home.root) && readdirSync(home.root).length === 0) await rmdir(home.root);
      output.result({ removed }, () => `Removed the state in ${home.root}.`);
    });
};

/**
 * Only Haat writes these, and the passwords before anything else that it keeps: without any of them the folder is another's.
 * @throws NOT_A_STATE_FOLDER
 */
function requireOurs(home: Home): void {
  const marks = [home.secretsFile, home.stateFile, home.lockFile, ...restoreLeftovers(home)];
  if (marks.some((path) => existsSync(path))) return;
  throw cliError(
    'NOT_A_STATE_FOLDER',
    `${home.root} is no state folder of Haat: it has neither secrets.json nor stack.json. Nothing was removed. Name the folder with --home DIR or HAAT_HOME`,
    { home: home.root },
  );
}

/**
 * What Haat keeps in its state folder and is there, what marks the folder as ours last. Nothing else in that folder is
 * touched.
 */
function stateOf(home: Home): string[] {
  return [
    home.postgres,
    home.temporalDb,
    `${home.temporalDb}-wal`,
    `${home.temporalDb}-shm`,
    home.artifacts,
    home.logs,
    home.demoWorld,
    home.demoFile,
    ...restoreLeftovers(home),
    home.stateFile,
    home.secretsFile,
    home.lockFile,
  ].filter((path) => existsSync(path));
}

function agreed(home: Home): Promise<boolean> {
  if (!process.stdin.isTTY) {
    throw cliError('USAGE', `Nobody is there to ask whether to remove ${home.root}. Say it with: ${HAAT} reset --yes`);
  }
  return confirm({
    message: `Remove the database, workflow history, artifacts, passwords and logs in ${home.root}? This cannot be undone.`,
    default: false,
  });
}
