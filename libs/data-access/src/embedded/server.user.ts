import { spawnSync } from 'node:child_process';

import { dataAccessError } from '../data-access.errors.ts';

/** Whom the server runs as; no ids mean: as we do. */
export interface ServerUser {
  readonly name: string;
  readonly uid?: number;
  readonly gid?: number;
}

/** Whom the server runs as where we are root. */
export const SERVER_USER = 'postgres';

/**
 * PostgreSQL refuses to run as root. As root we run it as the system user `postgres`, which is made where it is missing.
 * @throws POSTGRES_USER_MISSING
 */
export function serverUser(): ServerUser {
  if (process.getuid?.() !== 0) return { name: process.env['USER'] ?? 'this user' };
  const found = idsOf(SERVER_USER);
  if (found !== null) return found;
  spawnSync('groupadd', ['--system', SERVER_USER]);
  spawnSync('useradd', ['--system', '--gid', SERVER_USER, '--no-create-home', '--shell', '/bin/false', SERVER_USER]);
  const made = idsOf(SERVER_USER);
  if (made !== null) return made;
  throw dataAccessError(
    'POSTGRES_USER_MISSING',
    `PostgreSQL does not run as root, and the user "${SERVER_USER}" is missing and could not be made. Make it (useradd --system ${SERVER_USER}), run Haat as an ordinary user, or set DATABASE_URL.`,
  );
}

function idsOf(name: string): ServerUser | null {
  const id = (flag: string) => {
    const { status, stdout } = spawnSync('id', [flag, name], { encoding: 'utf8' });
    return status === 0 ? Number.parseInt(stdout, 10) : Number.NaN;
  };
  const [uid, gid] = [id('-u'), id('-g')];
  return Number.isInteger(uid) && Number.isInteger(gid) ? { name, uid, gid } : null;
}

/** Whether the user can run a program with these arguments: asked by doing it, so that ACLs and mount options count. */
export function userCanRun(user: ServerUser, command: string, args: readonly string[]): boolean {
  const { status, error } = spawnSync(command, args, { cwd: '/', stdio: 'ignore', uid: user.uid, gid: user.gid });
  return error === undefined && status === 0;
}

/** Whether the user may enter a folder. On a system without roots and users of that kind: whether it is there. */
export function userCanEnter(user: ServerUser, folder: string): boolean {
  return user.uid === undefined || userCanRun(user, '/bin/sh', ['-c', 'cd "$1"', 'sh', folder]);
}
