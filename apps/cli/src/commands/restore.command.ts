import { HAAT } from '@haat/kit';
import { lockHome, prepareHome, stopLeftovers } from '@haat/dev-stack';
import { restoreHome } from '@haat/dev-stack/backup';

import { addCommand, withHome, type AddCommand, type CommonOptions } from '../cli.command.ts';
import { homeOf, outputOf } from '../cli.context.ts';

export const addRestore: AddCommand = (program, context) => {
  withHome(
    addCommand(program, {
      usage: 'restore',
      summary: 'make a backup the state, after checking every file of it',
      description:
        'Checks every file of a backup against its manifest, copies all of them beside the state, and only then puts them in its place: a damaged backup, a full disk or a kill before that changes nothing, and what is interrupted afterwards is finished by the next start. The stack must be stopped.',
      examples: [
        ['restore --from /backups/haat-2026-11-26 --home /data/haat', 'into a new state folder'],
        ['restore --from /backups/haat-2026-11-26 --yes', 'in place of the state that is there'],
      ],
    }),
  )
    .requiredOption('--from <dir>', `folder that "${HAAT} backup" made`)
    .option('--yes', 'replace the state that is there')
    .action(async (options: CommonOptions & { from: string; yes?: boolean }) => {
      const output = outputOf(context, options);
      const home = homeOf(context, options);
      await prepareHome(home);
      const unlock = lockHome(home);
      try {
        await stopLeftovers(home);
        const { from, yes: replace = false } = options;
        const { endedAt, postgres } = await restoreHome(home, { from, replace, say: (text) => output.note(text) });
        output.result(
          { home: home.root, endedAt, postgres },
          (value) => `Restored the state of ${value.postgres.endedAt} to ${value.home}. Start it with: ${HAAT} up`,
        );
      } finally {
        unlock();
      }
    });
};
