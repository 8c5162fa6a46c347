import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { embeddedFacts } from '@haat/data-access/embedded';
import { homeAt } from '@haat/dev-stack';
import { finishRestore, restoreHome } from '@haat/dev-stack/backup';

const child = fileURLToPath(new URL('./killed.restore.mjs', import.meta.url));
const content = `ab/${'ab'.repeat(32)}`;
const parts = ['postgres/PG_VERSION', 'temporal.db', `artifacts/${content}`, 'secrets.json', 'demo.json'];

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

describe('a restore that is killed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'haat-killed-'));
  const from = join(folder, 'backup');
  const home = homeAt(join(folder, 'home'));
  const placeOf = (part: string) =>
    part.startsWith('postgres/')
      ? join(embeddedFacts(home.postgres).dataDirectory, 'PG_VERSION')
      : join(home.root, part);
  const stateOf = () => parts.map((part) => (existsSync(placeOf(part)) ? readFileSync(placeOf(part), 'utf8') : 'none'));
  const old = () => {
    rmSync(home.root, { recursive: true, force: true });
    for (const part of parts) write(placeOf(part), 'old');
  };
  const restore = (nth: number) =>
    spawnSync(process.execPath, [child, home.root, String(nth), from], {
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '' },
    });

  beforeAll(() => {
    chmodSync(folder, 0o755);
    for (const part of parts) write(join(from, part), 'new');
    const files = Object.fromEntries(parts.map((part) => [part, { digest: sha256('new'), bytes: 3 }]));
    const endedAt = new Date(0).toISOString();
    const postgres = { startLsn: '0/1', stopLsn: '0/2', endedAt, serverVersion: '18' };
    const manifest = JSON.stringify({ form: 1, endedAt, codeRevision: null, postgres, files, folders: [] });
    write(join(from, 'manifest.json'), manifest);
    write(join(from, 'manifest.sha256'), `${sha256(manifest)}\n`);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('at any of its steps leaves the old state or, once finished, the new one, and never a part of each', () => {
    old();
    const whole = restore(0);
    expect({ status: whole.status, stderr: whole.stderr }).toEqual({ status: 0, stderr: '' });
    expect(stateOf()).toEqual(parts.map(() => 'new'));
    const steps = Number(whole.stdout);
    expect(steps).toBeGreaterThan(9);

    const outcomes = new Set<string>();
    for (let nth = 1; nth <= steps; nth++) {
      old();
      expect(restore(nth).signal).toBe('SIGKILL');
      // As the next start does.
      finishRestore(home);
      const state = new Set(stateOf());
      expect([nth, ...state]).toHaveLength(2);
      outcomes.add([...state][0]!);
    }
    expect(outcomes).toEqual(new Set(['old', 'new']));
  });

  it('of a backup that was killed before its manifest restores nothing', async () => {
    old();
    const unfinished = join(folder, 'half');
    for (const part of parts) write(join(unfinished, part), 'new');
    await expect(restoreHome(home, { from: unfinished, replace: true })).rejects.toMatchObject({
      code: 'BACKUP_UNUSABLE',
    });
    expect(stateOf()).toEqual(parts.map(() => 'old'));
  });
});
