import { HAAT } from '@haat/kit';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { dataAccessError } from '../data-access.errors.ts';

/** How long the children of a killed server may take to end. */
const LEFTOVERS_MS = 10_000;

/**
 * Makes a data directory free to start on. A `postmaster.pid` that a crash left is removed, also when its number now
 * belongs to another program (which the server itself takes for a living predecessor, and refuses to start).
 * @throws POSTGRES_ALREADY_RUNNING when a server really works on the directory.
 */
export async function freeDataFolder(folder: string): Promise<void> {
  const file = join(folder, 'postmaster.pid');
  if (!existsSync(file)) return;
  const [pid = Number.NaN, , , port] = readFileSync(file, 'utf8').split('\n').map(Number);
  const deadline = Date.now() + LEFTOVERS_MS;
  while (serversOn(folder).some((server) => server !== pid) && !isServer(pid, folder) && Date.now() < deadline) {
    await sleep(100);
  }
  if (isServer(pid, folder)) {
    throw dataAccessError(
      'POSTGRES_ALREADY_RUNNING',
      `A PostgreSQL server (process ${pid}, port ${port}) already works on ${folder}. Stop it (${HAAT} down, or kill -INT ${pid}).`,
      { folder, pid, port },
    );
  }
  rmSync(file, { force: true });
}

/** Whether process `pid` is a server that works on `folder`. */
function isServer(pid: number, folder: string): boolean {
  return serversOn(folder).includes(pid);
}

/** Processes of servers on `folder`. A server's child carries its parent's command line until it has set its title. */
function serversOn(folder: string): number[] {
  try {
    const table = execFileSync('ps', ['-A', '-o', 'pid=,stat=,args='], { encoding: 'utf8' });
    return table
      .split('\n')
      .filter((line) => / [^Z]\S* +\S*postgres(\.exe)? -D /.test(line) && line.includes(` -D ${folder} `))
      .map((line) => Number.parseInt(line, 10));
  } catch {
    return [];
  }
}
