import { HAAT } from '@haat/kit';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';

import { devStackError } from './dev-stack.errors.ts';
import type { Home } from './home.layout.ts';
import { identify, isAlive, type ProcessIdentity } from './process.identity.ts';

/**
 * Takes the state folder for this process and returns what gives it back. A lock whose process is gone is taken over.
 * @throws ALREADY_RUNNING when another living process has it.
 */
export function lockHome(home: Home): () => void {
  const self = identify(process.pid)!;
  for (;;) {
    try {
      writeFileSync(home.lockFile, JSON.stringify(self), { flag: 'wx' });
      return () => rmSync(home.lockFile, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const owner = lockOwner(home);
    if (owner !== null) {
      throw devStackError(
        'ALREADY_RUNNING',
        `Another "${HAAT} up" (process ${owner.pid}) runs on ${home.root}. See it with: ${HAAT} status. Stop it with: ${HAAT} down. A second stack needs its own folder and ports: ${HAAT} up --home DIR --port BASE`,
        { home: home.root, pid: owner.pid },
      );
    }
    rmSync(home.lockFile, { force: true });
  }
}

/** The living process that has the state folder; null when nobody has it. */
export function lockOwner(home: Home): ProcessIdentity | null {
  try {
    const owner = JSON.parse(readFileSync(home.lockFile, 'utf8')) as ProcessIdentity;
    return isAlive(owner) ? owner : null;
  } catch {
    return null;
  }
}
