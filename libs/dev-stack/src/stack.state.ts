import { HAAT } from '@haat/kit';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

import { devStackError } from './dev-stack.errors.ts';
import type { Home } from './home.layout.ts';
import type { ProcessIdentity } from './process.identity.ts';
import type { StackPorts } from './stack.ports.ts';

/** One process of the stack, as another process needs to know it to stop it. */
export interface ServiceRecord extends ProcessIdentity {
  readonly name: string;
  readonly stopSignal: NodeJS.Signals;
  readonly log: string;
  /** Address of its health page; null for what has none. */
  readonly health: string | null;
}

/** What `stack.json` says: who runs where. `services` are in the order of starting; they stop in the opposite order. */
export interface StackState {
  readonly launcher: ProcessIdentity;
  readonly startedAt: string;
  readonly ports: StackPorts;
  readonly services: readonly ServiceRecord[];
}

/**
 * The state that the last start left; null when there is none.
 * @throws STATE_UNREADABLE when the file is not JSON of that form.
 */
export function readState(home: Home): StackState | null {
  if (!existsSync(home.stateFile)) return null;
  try {
    const state = JSON.parse(readFileSync(home.stateFile, 'utf8')) as StackState;
    if (!Array.isArray(state.services) || typeof state.ports?.gateway !== 'number')
      throw new Error('fields are missing');
    return state;
  } catch (cause) {
    throw devStackError(
      'STATE_UNREADABLE',
      `${home.stateFile} is not what Haat wrote there (${(cause as Error).message}). Remove that file, then run: ${HAAT} up`,
      { file: home.stateFile },
      cause,
    );
  }
}

/** Replaces the state in one step, so that a reader never sees half of it. */
export function writeState(home: Home, state: StackState): void {
  const next = `${home.stateFile}.${process.pid}`;
  writeFileSync(next, `${JSON.stringify(state, null, 2)}\n`);
  renameSync(next, home.stateFile);
}

/** Removes the state, if it is still that of `launcher`. */
export function clearState(home: Home, launcher: ProcessIdentity): void {
  const state = readState(home);
  if (state?.launcher.pid === launcher.pid && state.launcher.mark === launcher.mark)
    rmSync(home.stateFile, { force: true });
}
