import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { homeAt, prepareHome } from './home.layout.ts';
import { lockHome, lockOwner } from './home.lock.ts';
import { identify } from './process.identity.ts';
import { withScratchHome } from './scratch.home.ts';
import { readSecrets, secretsFor } from './stack.secrets.ts';
import { portsFrom } from './stack.ports.ts';
import { clearState, readState, writeState } from './stack.state.ts';

describe('prepareHome', () => {
  it('makes folders that nobody else can list', () =>
    withScratchHome(async ({ root }) => {
      const home = homeAt(join(root, 'new', 'home'));
      await prepareHome(home, 0);
      for (const folder of [home.root, home.artifacts, home.logs]) expect(statSync(folder).mode & 0o066).toBe(0);
    }));

  it('refuses a disk with less room than is needed, and says how much there is', () =>
    withScratchHome(async (home) => {
      await expect(prepareHome(home, Number.MAX_SAFE_INTEGER)).rejects.toMatchObject({
        code: 'DISK_FULL',
        message: expect.stringContaining('--home'),
      });
    }));

  it('refuses a folder that cannot be made', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'haat-dev-stack-'));
    const file = join(folder, 'file');
    writeFileSync(file, '');
    await expect(prepareHome(homeAt(join(file, 'home')))).rejects.toMatchObject({ code: 'HOME_UNUSABLE' });
    rmSync(folder, { recursive: true });
  });
});

describe('lockHome', () => {
  it('gives the folder to one process at a time', () =>
    withScratchHome(async (home) => {
      const release = lockHome(home);
      expect(lockOwner(home)).toEqual(identify(process.pid));
      expect(() => lockHome(home)).toThrow(expect.objectContaining({ code: 'ALREADY_RUNNING' }));
      release();
      expect(lockOwner(home)).toBeNull();
      lockHome(home)();
    }));

  it('takes over the lock of a process that is gone, though its pid is given again', () =>
    withScratchHome(async (home) => {
      writeFileSync(home.lockFile, JSON.stringify({ pid: process.pid, mark: 'an earlier process' }));
      const release = lockHome(home);
      expect(lockOwner(home)).toEqual(identify(process.pid));
      release();
    }));
});

describe('secretsFor', () => {
  it('generates each password once, in a file that only its owner can read', () =>
    withScratchHome(async (home) => {
      const first = secretsFor(home, ['owner', 'reader']);
      expect(first.owner).not.toBe(first.reader);
      expect(first.owner.length).toBeGreaterThanOrEqual(32);
      expect(statSync(home.secretsFile).mode & 0o777).toBe(0o600);
      expect(secretsFor(home, ['owner', 'writer']).owner).toBe(first.owner);
      expect(Object.keys(readSecrets(home)).sort()).toEqual(['owner', 'reader', 'writer']);
    }));

  it('makes a file that others could read private again', () =>
    withScratchHome(async (home) => {
      writeFileSync(home.secretsFile, '{"owner":"x"}', { mode: 0o644 });
      expect(secretsFor(home, ['owner'])).toEqual({ owner: 'x' });
      expect(statSync(home.secretsFile).mode & 0o777).toBe(0o600);
    }));

  it('refuses to go on over a damaged file', () =>
    withScratchHome(async (home) => {
      writeFileSync(home.secretsFile, '{"owner":');
      expect(() => secretsFor(home, ['owner'])).toThrow(expect.objectContaining({ code: 'STATE_UNREADABLE' }));
      expect(readFileSync(home.secretsFile, 'utf8')).toBe('{"owner":');
    }));
});

describe('the state file', () => {
  const launcher = identify(process.pid)!;
  const state = { launcher, startedAt: '2026-01-01T00:00:00.000Z', ports: portsFrom(5000), services: [] };

  it('is read as it was written', () =>
    withScratchHome(async (home) => {
      expect(readState(home)).toBeNull();
      writeState(home, state);
      expect(readState(home)).toEqual(state);
    }));

  it('is removed by its own launcher only', () =>
    withScratchHome(async (home) => {
      writeState(home, state);
      clearState(home, { ...launcher, mark: 'an earlier process' });
      expect(readState(home)).toEqual(state);
      clearState(home, launcher);
      expect(readState(home)).toBeNull();
    }));

  it('says which file to remove when it is damaged', () =>
    withScratchHome(async (home) => {
      writeFileSync(home.stateFile, '{}');
      expect(() => readState(home)).toThrow(
        expect.objectContaining({ code: 'STATE_UNREADABLE', message: expect.stringContaining(home.stateFile) }),
      );
    }));
});
