import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { endNaming, runInGroup } from './process.group.mjs';

/** A program that starts another in a group of its own, tells its pid, and then waits or ends. */
const parent = (afterwards: string) =>
  `const { spawn } = require('node:child_process');
   const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' });
   console.log(child.pid); ${afterwards}`;
const run = (program: string) => {
  let said = '';
  const group = runInGroup([process.execPath, '-e', program], {
    cwd: import.meta.dirname,
    env: process.env,
    onOutput: (chunk: Buffer) => (said += chunk.toString()),
  });
  return { ...group, said: () => said };
};
const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
const untilGone = async (pid: number) => {
  while (isAlive(pid)) await sleep(20);
};

describe('runInGroup', () => {
  it('says how a command ended, and hears what it said', async () => {
    const well = run('console.log(1); console.error(2)');
    expect(await well.ended).toMatchObject({ why: '' });
    const badly = run('process.exit(3)');
    expect(await badly.ended).toMatchObject({ why: 'ended with status 3' });
    const killed = run('process.kill(process.pid, "SIGKILL")');
    expect(await killed.ended).toMatchObject({ why: 'ended with SIGKILL' });
  });

  it('stops a command with all that it started, also what leads a group of its own', async () => {
    const { stop, said } = run(parent('setInterval(() => {}, 1000)'));
    while (!said().includes('\n')) await sleep(20);
    const pid = Number(said());
    expect(isAlive(pid)).toBe(true);
    await stop();
    await untilGone(pid);
    await stop();
  });
});

describe('endNaming', () => {
  it('ends what names a text in its command line, and nothing else', async () => {
    const mark = `haat-mark-${process.pid}`;
    const start = (...args: string[]) =>
      spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', '--', ...args], { stdio: 'ignore' });
    const [named, other] = [start(mark), start('other')];
    const ends = [named, other].map((child) => once(child, 'exit'));
    expect(await endNaming(mark)).toBe(1);
    await ends[0];
    expect(isAlive(other.pid!)).toBe(true);
    expect(await endNaming(mark)).toBe(0);
    other.kill();
    await ends[1];
  });
});
