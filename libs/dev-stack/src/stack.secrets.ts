import { HAAT } from '@haat/kit';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';

import { devStackError } from './dev-stack.errors.ts';
import type { Home } from './home.layout.ts';

/** Generated secrets by name: passwords by the database role that they belong to, and what tokens are signed with. */
export type Secrets = Readonly<Record<string, string>>;

const password = () => randomBytes(32).toString('base64url');

/**
 * The passwords of `roles`, read from the secrets file (mode 0600); those that it lacks are generated and added.
 * @throws STATE_UNREADABLE when the file is not JSON of that form.
 */
export function secretsFor(home: Home, roles: readonly string[]): Secrets {
  return Object.fromEntries(roles.map((role) => [role, secretOf(home, role)]));
}

/**
 * One secret of the secrets file, which is made and added where it is missing: 256 bits as text, or what `make` makes.
 * @throws STATE_UNREADABLE when the file is not JSON of that form.
 */
export function secretOf(home: Home, name: string, make: () => string = password): string {
  const known = readSecrets(home);
  const secret = known[name] ?? make();
  if (!(name in known)) {
    writeFileSync(home.secretsFile, `${JSON.stringify({ ...known, [name]: secret }, null, 2)}\n`, { mode: 0o600 });
  }
  chmodSync(home.secretsFile, 0o600);
  return secret;
}

/** The secrets that the secrets file holds; none when there is no file. */
export function readSecrets(home: Home): Secrets {
  if (!existsSync(home.secretsFile)) return {};
  try {
    return JSON.parse(readFileSync(home.secretsFile, 'utf8')) as Secrets;
  } catch (cause) {
    throw devStackError(
      'STATE_UNREADABLE',
      `${home.secretsFile} is not JSON (${(cause as Error).message}). Bring back the file, or start anew with: ${HAAT} reset`,
      { file: home.secretsFile },
      cause,
    );
  }
}
