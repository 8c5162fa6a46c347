import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * One process for good: a pid is given again after its process ended, the pair with its start mark is not.
 * `mark` is the kernel's start time of the process, in whatever unit this system says it.
 */
export interface ProcessIdentity {
  readonly pid: number;
  readonly mark: string;
}

/** The identity of a living process; null when there is none, or when it has ended and only waits to be collected. */
export function identify(pid: number): ProcessIdentity | null {
  const mark = process.platform === 'linux' ? markFromProc(pid) : markFromPs(pid);
  return mark === null ? null : { pid, mark };
}

export function isAlive(process: ProcessIdentity): boolean {
  return identify(process.pid)?.mark === process.mark;
}

/**
 * Ends a process that leads a group of its own, and that group: `signal` first, SIGKILL after `graceMs`.
 * Does nothing when it is not alive any more. Resolves when it is gone.
 */
export async function endProcess(target: ProcessIdentity, signal: NodeJS.Signals, graceMs: number): Promise<void> {
  if (!isAlive(target)) return;
  send(target.pid, signal);
  const deadline = Date.now() + graceMs;
  while (isAlive(target) && Date.now() < deadline) await sleep(25);
  if (!isAlive(target)) return;
  send(-target.pid, 'SIGKILL');
  send(target.pid, 'SIGKILL');
  while (isAlive(target)) await sleep(25);
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Field 22 of /proc/PID/stat (proc(5)): start time in clock ticks since boot. Field 3 is the state, Z for a zombie. */
function markFromProc(pid: number): string | null {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return null;
  }
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? null : fields[19];
}

function markFromPs(pid: number): string | null {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || null;
  } catch {
    return null;
  }
}
