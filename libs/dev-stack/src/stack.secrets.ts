import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';

import { devStackError } from './dev-stack.errors.ts';
import type { Home } from './home.layout.ts';

/** Generated passwords by the database role that they belong to. */
export type Secrets = Readonly<Record<string, string>>;

/**
 * The passwords of `roles`, read from the secrets file (mode 0600); those that it lacks are generated and added.
 * @throws STATE_UNREADABLE when the file is not JSON of that form.
 */
export function secretsFor(home: Home, roles: readonly string[]): Secrets {
  const known = readSecrets(home);
  const secrets = Object.fromEntries(roles.map((role) => [role, known[role] ?? randomBytes(24).toString('base64url')]));
  const all = { ...known, ...secrets };
  if (Object.keys(all).length > Object.keys(known).length) {
    writeFileSync(home.secretsFile, `${JSON.stringify(all, null, 2)}\n`, { mode: 0o600 });
  }
  chmodSync(home.secretsFile, 0o600);
  return secrets;
}

/** The passwords that the secrets file holds; none when there is no file. */
export function readSecrets(home: Home): Secrets {
  if (!existsSync(home.secretsFile)) return {};
  try {
    return JSON.parse(readFileSync(home.secretsFile, 'utf8')) as Secrets;
  } catch (cause) {
    throw devStackError(
      'STATE_UNREADABLE',
      `${home.secretsFile} is not JSON (${(cause as Error).message}). Bring back the file, or start anew with: haat reset`,
      { file: home.secretsFile },
      cause,
    );
  }
}
