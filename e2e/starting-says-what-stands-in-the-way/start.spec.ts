import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { onStack, runHaat, sharedStack } from '../stack/shared.stack.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'haat-e2e-start-'));
  chmodSync(folder, 0o755);
});
afterEach(() => rmSync(folder, { recursive: true }));

const up = (env: NodeJS.ProcessEnv, ...args: string[]) =>
  runHaat(['up', '--exit', ...args], { env: { HAAT_HOME: join(folder, 'home'), ...env } });

describe('haat up', () => {
  it('names the program that has a port, and a base that is free', async () => {
    const { status, stderr } = await up({ HAAT_PORT: String(sharedStack().base) });
    expect(status).toBe(1);
    expect(stderr).toMatch(/error PORT_TAKEN: Port \d+, which gateway needs, is taken by .*haat up --port \d+/);
    expect(readdirSync(join(folder, 'home'))).not.toContain('postgres');
  });

  it('refuses a state folder that cannot be made', async () => {
    writeFileSync(join(folder, 'file'), '');
    const { status, stderr } = await up({ HAAT_HOME: join(folder, 'file', 'home') });
    expect(status).toBe(1);
    expect(stderr).toMatch(/error HOME_UNUSABLE: .*HAAT_HOME/);
  });

  it('says what to install where there is no Temporal server and none can be got', async () => {
    const { status, stderr } = await up(
      {
        PATH: '/usr/bin:/bin',
        XDG_CACHE_HOME: join(folder, 'cache'),
        HTTPS_PROXY: 'http://127.0.0.1:1',
        NODE_USE_ENV_PROXY: '1',
      },
      '--port',
      String(sharedStack().base + 500),
    );
    expect(status).toBe(1);
    expect(stderr).toMatch(/Temporal server \[FAILED/);
    expect(stderr).toMatch(/error TEMPORAL_(NOT_FOUND|BUILD_FAILED): .*Go|go install/);
  });

  it('comes up where the gates refuse the model, says how to see why, and ends --exit with status 1', async () => {
    const port = String(sharedStack().base + 600);
    const { status, stdout, stderr } = await up({}, '--demo', '--products', '500', '--seed', '9', '--port', port);
    expect(`${stderr}${stdout}`).toMatch(/Haat is ready/);
    expect(stdout).toMatch(
      /No model answers yet: packaging\/damage@1 did not pass its gates.*haat evaluate packaging\/damage@1/,
    );
    expect(status).toBe(1);
  });
});

describe('haat reset', () => {
  it('asks, and does nothing where nobody is there to answer', async () => {
    expect(await onStack(['reset'])).toMatchObject({ status: 2, stderr: expect.stringContaining('haat reset --yes') });
  });

  it('removes what Haat keeps in the folder and nothing else', async () => {
    const home = join(folder, 'home');
    mkdirSync(join(home, 'logs'), { recursive: true });
    writeFileSync(join(home, 'secrets.json'), '{}');
    writeFileSync(join(home, 'mine.txt'), '');
    const { status } = await runHaat(['reset', '--yes'], { env: { HAAT_HOME: home } });
    expect(status).toBe(0);
    expect(readdirSync(home)).toEqual(['mine.txt']);
  });
});

describe('haat down', () => {
  it('says that nothing runs, where nothing does', async () => {
    const { status, stdout } = await runHaat(['down'], { env: { HAAT_HOME: join(folder, 'home') } });
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'Nothing runs.\n' });
  });
});
