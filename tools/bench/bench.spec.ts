import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const here = import.meta.dirname;
const bench = (...args: string[]) =>
  spawnSync(process.execPath, [join(here, 'run.mjs'), ...args], { encoding: 'utf8' });

describe('npm run bench', () => {
  it('names every bench in its help', () => {
    const { stdout, status } = bench('--help');
    expect(status).toBe(0);
    const files = readdirSync(join(here, 'benches')).map((file) => file.replace('.bench.mjs', ''));
    const named = [...stdout.split('Options:')[0]!.matchAll(/^ {2}(\w+) +\w/gm)].map(([, name]) => name!);
    expect(files.sort()).toEqual(named.sort());
  });

  it('refuses a bench that there is not, and says which there are', () => {
    const { stderr, status } = bench('--only', 'speed');
    expect(status).toBe(2);
    expect(stderr).toContain('no bench is called speed');
    expect(stderr).toContain('quality');
  });
});
