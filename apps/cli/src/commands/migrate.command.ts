import { prepareHome } from '@haat/dev-stack';

import { addCommand, withHome, type AddCommand, type CommonOptions } from '../cli.command.ts';
import { homeOf, outputOf } from '../cli.context.ts';
import { cliError } from '../cli.errors.ts';
import { updateDatabase } from '../stack/stack.database.ts';

/** Bytes that the secrets file needs at the most. */
const ROOM = 1_048_576;

export const addMigrate: AddCommand = (program, context) => {
  withHome(
    addCommand(program, {
      usage: 'migrate',
      summary: 'bring the database of DATABASE_URL to the newest form',
      description:
        'Makes the database "haat" and its roles where they are missing and runs the migrations that it lacks, before apps are started or replaced by hand. DATABASE_URL is that of a role that may make roles and databases. The passwords of the roles are those in secrets.json of the state folder (mode 0600), made there where they are missing: keep that file. Safe to run twice and by several at once.',
      examples: [
        ['migrate', 'with DATABASE_URL=postgres://admin:…@db:5432/postgres'],
        ['migrate --home /etc/haat', 'passwords in /etc/haat/secrets.json'],
      ],
    }),
  ).action(async (options: CommonOptions) => {
    const url = context.env.DATABASE_URL;
    const home = homeOf(context, options);
    if (!url) throw cliError('NO_DATABASE', 'DATABASE_URL is not set: name a role that may make roles and databases');
    await prepareHome(home, ROOM);
    const migrations = await updateDatabase(home, url);
    outputOf(context, options).result({ migrations, secretsFile: home.secretsFile }, (value) =>
      [
        value.migrations.length === 0 ? 'No migration was needed.' : `Run: ${value.migrations.join(', ')}.`,
        `The roles' passwords are in ${value.secretsFile}.`,
      ].join('\n'),
    );
  });
};
