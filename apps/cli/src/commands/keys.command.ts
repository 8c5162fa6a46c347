import { roles, type Role } from '@haat/kit';
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
import { createKey, keysOf, revokeKey, type ApiKey } from '../gateway/key.queries.ts';
import { pairs, table } from '../output/table.ts';

interface CreateOptions extends CommonOptions {
  readonly role: Role;
  readonly scope: readonly string[];
  readonly days: number;
}

const collect = (scope: string, scopes: readonly string[]) => [...scopes, scope];

export const addKeys: AddCommand = (program, context) => {
  const keys = withGateway(
    addCommand(program, {
      usage: 'keys',
      summary: 'API keys: list, create, revoke',
      description: 'Lists the keys by which programs ask the gateway, the newest first; makes or revokes one (admin).',
      examples: [
        ['keys', 'which there are, who made them, when they were used last'],
        ['keys create nightly-import --role operator --scope packaging', 'the secret is shown once'],
        ['keys revoke 0123456789abcdef', 'end it within seconds'],
      ],
    }),
  )
    .option('--first <n>', 'how many', wholeNumber(1, 100), 20)
    .action((options: CommonOptions & { readonly first: number }) => list(options));

  const list = async (options: CommonOptions & { readonly first: number }) =>
    outputOf(context, options).result(await keysOf(gatewayOf(context, options), options.first), keysText);

  withGateway(
    addCommand(keys, {
      usage: 'list',
      summary: 'which keys there are',
      description: 'Lists keys, the newest first. Secrets cannot be shown again.',
      examples: [['keys list --json', 'for a program']],
    }),
  ).action((_: CommonOptions, command: Command) =>
    list(command.optsWithGlobals<CommonOptions & { readonly first: number }>()),
  );

  withGateway(
    addCommand(keys, {
      usage: 'create <name>',
      summary: 'make a key; its secret is shown once',
      description:
        'Makes a key for a program. It may do no more than you: its role is at most yours, its scopes are among yours.',
      examples: [
        ['keys create dashboard --scope packaging', 'to read, for 90 days'],
        ['keys create nightly-import --role operator --scope packaging --days 30', 'to change as well'],
      ],
    }),
  )
    .addOption(new Option('--role <role>', 'what it may do').choices(roles).default('reader'))
    .option('--scope <scope>', "a domain that it may reach, or '*' (may be given again)", collect, [])
    .option('--days <n>', 'days until it expires', wholeNumber(1, 366), 90)
    .action(async (name: string, _: CommonOptions, command: Command) => {
      const options = command.optsWithGlobals<CreateOptions>();
      const { role, scope: scopes, days } = options;
      const created = await createKey(gatewayOf(context, options), { name, role, scopes, days });
      outputOf(context, options).result(created, ({ key, secret }) =>
        [keyText(key), '', secret, '', 'This is shown once: keep it where the program finds it.'].join('\n'),
      );
    });

  withGateway(
    addCommand(keys, {
      usage: 'revoke <id>',
      summary: 'end a key within seconds',
      description: 'Ends a key for good. Revoking it again changes nothing.',
      examples: [['keys revoke 0123456789abcdef', 'by the id that "keys list" shows']],
    }),
  ).action(async (id: string, _: CommonOptions, command: Command) => {
    const options = optionsOf(command);
    outputOf(context, options).result(await revokeKey(gatewayOf(context, options), id), keyText);
  });
};

function keysText(keys: readonly ApiKey[]): string {
  return table(keys, {
    id: ({ id }) => id,
    name: ({ name }) => name,
    role: ({ role }) => role,
    scopes: ({ scopes }) => scopes.join(' '),
    'made by': ({ createdBy }) => createdBy,
    'used last': ({ lastUsedAt }) => lastUsedAt,
    ends: ({ expiresAt, revokedAt }) => (revokedAt === null ? expiresAt : `revoked ${revokedAt}`),
  });
}

function keyText({ id, name, role, scopes, createdBy, expiresAt, revokedAt }: ApiKey): string {
  const ends = revokedAt === null ? { expires: expiresAt } : { revoked: revokedAt };
  return pairs({ key: `${name}/${id}`, role, scopes: scopes.join(' ') || 'none', 'made by': createdBy, ...ends });
}
