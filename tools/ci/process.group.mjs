import { execFileSync, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

/** How long processes that are told to end may take, ms; PostgreSQL writes down what it holds. */
const GRACE_MS = 10_000;

/** @typedef {{ why: string, seconds: number }} Ending `why` is '' for a command that succeeded and left nothing behind */

/**
 * A command in a process group of its own. `onOutput(chunk, stream)` hears both its streams.
 * @returns {{ ended: Promise<Ending>, stop: () => Promise<void> }} `stop` ends it and everything that it started, whatever group that is in
 */
export function runInGroup([command, ...args], { cwd, env, onOutput }) {
  const started = performance.now();
  const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const name of ['stdout', 'stderr']) child[name].on('data', (chunk) => onOutput(chunk, name));
  const exited = new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    // Not 'close': a process left behind holds the pipes open.
    child.once('exit', (status, signal) => resolve(status === 0 ? '' : `ended with ${signal ?? `status ${status}`}`));
  });
  const ended = exited.then((why) => {
    const left = child.pid !== undefined && send(-child.pid, 'SIGKILL') ? 'it left a process behind' : '';
    return { why: [why, left].filter(Boolean).join('; '), seconds: (performance.now() - started) / 1000 };
  });
  const stop = async () => {
    if (child.pid === undefined || child.exitCode !== null) return;
    // What stands still starts nothing more.
    send(child.pid, 'SIGSTOP');
    const below = descendants(child.pid);
    send(-child.pid, 'SIGKILL');
    await ended;
    await endAll(below);
  };
  return { ended, stop };
}

/** Whether there was anything to send the signal to; a negative pid is a group. */
function send(pid, signal) {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

/** Ends the processes that name `text`, such as a folder of one's own, in their command lines. Answers how many there were. */
export async function endNaming(text) {
  const pids = processes()
    .filter(({ args }) => args.includes(text))
    .map(({ pid }) => pid);
  await endAll(pids);
  return pids.length;
}

/** Everything that a process started, and what that started, by pid. */
function descendants(root) {
  const children = Map.groupBy(processes(), ({ parent }) => parent);
  const below = (parent) => (children.get(parent) ?? []).flatMap(({ pid }) => [pid, ...below(pid)]);
  return below(root);
}

/** SIGTERM to all of these processes, and SIGKILL to those that stay. */
async function endAll(pids) {
  const alive = () => {
    const now = new Set(processes().map(({ pid }) => pid));
    return pids.filter((pid) => now.has(pid));
  };
  for (const pid of alive()) send(pid, 'SIGTERM');
  for (const end = Date.now() + GRACE_MS; alive().length > 0 && Date.now() < end;) await sleep(100);
  for (const pid of alive()) send(pid, 'SIGKILL');
}

function processes() {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat=,args='], { encoding: 'utf8', maxBuffer: 2 ** 26 });
  return table
    .split('\n')
    .map((line) => /^ *(\d+) +(\d+) +[^Z\s]\S* +(.*)$/.exec(line))
    .filter((found) => found !== null)
    .map(([, pid, parent, args]) => ({ pid: Number(pid), parent: Number(parent), args }));
}
