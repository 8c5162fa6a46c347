import { HAAT } from '@haat/kit';
import { addCommand, withHome, type AddCommand, type CommonOptions } from '../cli.command.ts';
import { homeOf, outputOf } from '../cli.context.ts';
import { bytes } from '../output/table.ts';
import { backupOf } from '../stack/stack.backup.ts';

export const addBackup: AddCommand = (program, context) => {
  withHome(
    addCommand(program, {
      usage: 'backup',
      summary: 'copy all state to a folder, while everything works',
      description:
        "Copies the database (by the server's own base backup), the history of workflows, artifacts, and the passwords to a folder, with a manifest of every file's digest. Needs nothing to stop; with nothing running it starts the database for as long as it takes. The folder holds the passwords: files have mode 0600, keep it as safe as the state itself. Of a database that Haat did not start (DATABASE_URL) use that server's own backup.",
      examples: [['backup --out /backups/haat-2026-11-26', 'a consistent copy of the state of now']],
    }),
  )
    .requiredOption('--out <dir>', 'folder to make')
    .action(async (options: CommonOptions & { out: string }) => {
      const output = outputOf(context, options);
      const manifest = await backupOf(context, homeOf(context, options), options.out, (text) => output.note(text));
      const sizes = Object.values(manifest.files).map((file) => file.bytes);
      const value = {
        out: options.out,
        endedAt: manifest.endedAt,
        files: sizes.length,
        bytes: sizes.reduce((sum, size) => sum + size, 0),
        postgres: manifest.postgres,
      };
      output.result(
        value,
        () =>
          `Backed up ${value.files} files (${bytes(value.bytes)}) to ${value.out}, as of ${value.postgres.endedAt}. Restore with: ${HAAT} restore --from ${value.out}`,
      );
    });
};
