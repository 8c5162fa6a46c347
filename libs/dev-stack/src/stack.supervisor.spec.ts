import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Home } from './home.layout.ts';
import { isAlive } from './process.identity.ts';
import { withScratchHome } from './scratch.home.ts';
import { answersOk, type ServiceSpec } from './service.process.ts';
import { startGuard } from './stack.guard.ts';
import { portsFrom } from './stack.ports.ts';
import { readState } from './stack.state.ts';
import { StackSupervisor, type SupervisorEvents } from './stack.supervisor.ts';

const guardFromSource = (home: Home) =>
  startGuard(home, [
    '--experimental-transform-types',
    '--conditions=@haat/source',
    '--no-warnings',
    fileURLToPath(new URL('./guard.main.ts', import.meta.url)),
  ]);

const supervisor = (home: Home, onRestart: SupervisorEvents['onRestart'] = () => undefined) =>
  new StackSupervisor(home, portsFrom(40_000), { onRestart }, guardFromSource);

/** A service whose program is `script`; ready as soon as it has said so. */
function service(home: Home, name: string, script: string, readyWithinMs = 10_000): ServiceSpec {
  return {
    name,
    command: process.execPath,
    args: ['-e', script],
    env: process.env,
    log: join(home.logs, `${name}.log`),
    health: null,
    ready: async (said) => said().includes('up'),
    readyWithinMs,
    stopSignal: 'SIGTERM',
  };
}

const stays = 'console.log("up"); setInterval(() => {}, 1000)';

describe('StackSupervisor', () => {
  it('writes what it starts to the state file, and stops it in the opposite order', () =>
    withScratchHome(async (home) => {
      const stack = supervisor(home);
      await stack.start(service(home, 'first', stays));
      await stack.start(service(home, 'second', stays));
      const { services } = readState(home)!;
      expect(services.map(({ name }) => name)).toEqual(['first', 'second']);
      expect(services.every(isAlive)).toBe(true);
      const stopped: string[] = [];
      await stack.stop((name) => stopped.push(name));
      expect(stopped).toEqual(['second', 'first']);
      expect(services.some(isAlive)).toBe(false);
      expect(readState(home)).toBeNull();
    }));

  it('shows the end of the log of a service that does not come up', () =>
    withScratchHome(async (home) => {
      const stack = supervisor(home);
      const broken = service(home, 'broken', 'process.stderr.write("no such table"); process.exit(4)');
      await expect(stack.start(broken)).rejects.toMatchObject({
        code: 'SERVICE_FAILED',
        message: expect.stringMatching(/broken ended before it was ready \(exit code 4\)[^]*no such table/),
      });
      await expect(stack.start(service(home, 'slow', 'setInterval(() => {}, 1000)', 300))).rejects.toMatchObject({
        message: expect.stringContaining('slow was not ready within 0.3 s'),
      });
      await stack.stop();
    }));

  it('says which program is missing', () =>
    withScratchHome(async (home) => {
      const stack = supervisor(home);
      await expect(stack.start({ ...service(home, 'none', ''), command: '/nowhere/temporal' })).rejects.toMatchObject({
        code: 'BINARY_MISSING',
        message: expect.stringContaining('/nowhere/temporal'),
      });
      await stack.stop();
    }));

  it('starts a service again that was killed, and records its new process', () =>
    withScratchHome(async (home) => {
      const restarts: string[] = [];
      const stack = supervisor(home, (name, how) => restarts.push(`${name} ${how}`));
      await stack.start(service(home, 'worker', stays));
      const [before] = readState(home)!.services;
      process.kill(before.pid, 'SIGKILL');
      let after = readState(home)!.services[0];
      while (after.pid === before.pid) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        after = readState(home)!.services[0] ?? before;
      }
      expect(restarts).toEqual(['worker signal SIGKILL']);
      expect(isAlive(after)).toBe(true);
      await stack.stop();
      expect(isAlive(after)).toBe(false);
    }));
});

describe('the guard', () => {
  it('stops what the state names when the pipe to it closes', () =>
    withScratchHome(async (home) => {
      const stack = supervisor(home);
      await stack.start(service(home, 'orphan', stays));
      const { services } = readState(home)!;
      const guard = guardFromSource(home);
      await guard.dismiss();
      expect(services.some(isAlive)).toBe(false);
      expect(readState(home)).toBeNull();
      await stack.stop();
    }));
});

describe('answersOk', () => {
  it('is false where nothing listens', async () => {
    expect(await answersOk('http://127.0.0.1:1/health/ready')).toBe(false);
  });
});
