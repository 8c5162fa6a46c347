import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

import { endProcess, identify, isAlive } from './process.identity.ts';

/** A Node process that leads its own group, runs `script` and has said that it is ready. */
async function start(script: string): Promise<ChildProcess> {
  const child = spawn(
    process.execPath,
    ['-e', `${script}; setInterval(() => {}, 1000); console.log(JSON.stringify(globalThis.said ?? 0))`],
    {
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  return child;
}

describe('identity', () => {
  it('holds while the process lives and no longer', async () => {
    const child = await start('');
    await once(child.stdout!, 'data');
    const identity = identify(child.pid!)!;
    expect(isAlive(identity)).toBe(true);
    expect(isAlive({ ...identity, mark: 'another' })).toBe(false);
    await endProcess(identity, 'SIGTERM', 5_000);
    expect(isAlive(identity)).toBe(false);
    expect(identify(child.pid!)).toBeNull();
  });
});

describe('endProcess', () => {
  it('lets a process end in good order', async () => {
    const child = await start('process.on("SIGTERM", () => process.exit(7))');
    await once(child.stdout!, 'data');
    const exited = once(child, 'exit');
    await endProcess(identify(child.pid!)!, 'SIGTERM', 5_000);
    expect(await exited).toEqual([7, null]);
  });

  it('kills what does not end, with its children', async () => {
    const child = await start(
      'process.on("SIGTERM", () => {}); globalThis.said = require("child_process").spawn(process.execPath, ["-e", "process.on(\'SIGTERM\', () => {}); setInterval(() => {}, 1000)"]).pid',
    );
    const [line] = (await once(child.stdout!, 'data')) as [Buffer];
    const grandchild = identify(Number(line.toString()))!;
    const exited = once(child, 'exit');
    await endProcess(identify(child.pid!)!, 'SIGTERM', 200);
    expect(await exited).toEqual([null, 'SIGKILL']);
    while (isAlive(grandchild)) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(isAlive(grandchild)).toBe(false);
  });

  it('does nothing to a process that took the pid over', async () => {
    await endProcess({ pid: process.pid, mark: 'an earlier process' }, 'SIGKILL', 0);
    expect(identify(process.pid)).not.toBeNull();
  });
});
