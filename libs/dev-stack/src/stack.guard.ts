import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import type { Home } from './home.layout.ts';
import { endProcess, isAlive } from './process.identity.ts';
import { clearState, readState, type StackState } from './stack.state.ts';

/** How long a process of a dead stack may take to end in good order. */
const GRACE_MS = 10_000;

const guardProgram = fileURLToPath(new URL('./guard.main.js', import.meta.url));

export interface Guard {
  /** Ends the guard: nothing is left to watch over. */
  dismiss(): Promise<void>;
}

/**
 * Starts a small process that holds the other end of a pipe: when this process dies, however it dies, the pipe closes and
 * the guard stops what the state file names. It is in a session of its own, so that a signal to our group spares it.
 * `program` are the arguments of Node that run `guard.main`.
 */
export function startGuard(home: Home, program: readonly string[] = [guardProgram]): Guard {
  const child = spawn(process.execPath, [...program, home.root], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const exited = once(child, 'exit');
  child.once('error', () => undefined);
  child.stdin.once('error', () => undefined);
  return {
    async dismiss() {
      child.stdin.end();
      await exited;
    },
  };
}

/**
 * Stops every process that the state names and that still lives, last started first, and removes the state. Safe to call
 * twice and by two processes: identities are checked, and the state of a newer stack is left alone.
 */
export async function stopLeftovers(home: Home, state: StackState | null = readState(home)): Promise<string[]> {
  if (state === null) return [];
  const left = state.services.filter(isAlive).toReversed();
  for (const service of left) await endProcess(service, service.stopSignal, GRACE_MS);
  clearState(home, state.launcher);
  if (!isAlive(state.launcher)) rmSync(`${home.stateFile}.${state.launcher.pid}`, { force: true });
  return left.map(({ name }) => name);
}
