import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { faults, specsOf, titlesOf } from './faults.mjs';
import { chaosTable, isWell, wholeRow } from './table.mjs';

const here = import.meta.dirname;
const chaos = (...args: string[]) =>
  spawnSync(process.execPath, [join(here, 'chaos.mjs'), ...args], { encoding: 'utf8' });
const names = Object.keys(faults);

describe('npm run chaos', () => {
  it('names every fault in its help', () => {
    const { stdout, status } = chaos('--help');
    expect(status).toBe(0);
    for (const name of names) expect(stdout).toContain(`  ${name} `);
  });

  it.each([
    [['--only', 'meteor'], 'no fault is called meteor'],
    [['--seed', 'x'], '--seed wants a whole number, and got "x"'],
    [['--rounds', '0'], '--rounds wants a number of at least 1, and got "0"'],
  ])('refuses %j', (args, message) => {
    const { stderr, status } = chaos(...args);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
  });

  it.each(Object.entries(faults))(
    'finds %s in its spec, which tells of it by that name',
    (name, { project, spec, test }) => {
      const text = readFileSync(join(here, '..', '..', project, spec), 'utf8');
      expect(text).toContain(`'${name}'`);
      // Titles of `it.each` have what differs filled in.
      const words = test
        .split(/its worker|the process that fits|PostgreSQL|a training|a backfill/)
        .map((part) => part.trim());
      for (const part of words) expect(text).toContain(part);
    },
  );

  it('runs each spec once, for all that is wanted of it', () => {
    const specs = specsOf(names);
    expect(new Set(specs.map(({ project, spec }) => `${project}/${spec}`)).size).toBe(specs.length);
    expect(specs.flatMap((one) => one.names).sort()).toEqual([...names].sort());
    expect(titlesOf(['hot-swap', 'artifact-on-disk'])).toBe(
      'swap under load with no failed request|serve on while the promoted one is damaged on disk',
    );
  });
});

describe('the table', () => {
  const rows = new Map(
    [
      { fault: 'hot-swap', rounds: 100, seed: 1, happened: '900 requests', lost: 0, failed: 0 },
      {
        fault: 'postgres-killed',
        rounds: 10,
        seed: 1,
        happened: '10 kills',
        lost: 2,
        failed: 1,
        codes: ['SERVICE_UNAVAILABLE'],
        secondsBack: 3.25,
      },
      { fault: 'hostile-bodies', rounds: 9, seed: 1, happened: '9 | kinds', lost: 0, codes: ['A', 'B', 'C', 'D'] },
    ].map((row) => [row.fault, wholeRow(row)] as const),
  );

  it('says of each wanted fault what happened and what was lost, and of one that told nothing that it failed', () => {
    expect(chaosTable(['hot-swap', 'postgres-killed', 'hostile-bodies', 'disk-full'], rows)).toBe(
      [
        '| fault | rounds | what happened | lost |',
        '| --- | --- | --- | --- |',
        '| hot swaps under load | 100 | 900 requests | nothing |',
        '| SIGKILL of PostgreSQL under load | 10 | 10 kills; clients were told SERVICE_UNAVAILABLE; back within 3.3 s | 2 lost, 1 failed |',
        '| malformed, huge and hostile GraphQL bodies | 9 | 9 \\| kinds; clients were told 4 typed codes | nothing |',
        '| disk full under the store |  | FAILED before it could tell | ? |',
      ].join('\n'),
    );
  });

  it.each([
    [{ lost: 0 }, true],
    [{ lost: 1 }, false],
    [{ lost: 0, double: 1 }, false],
    [{ lost: 0, half: 1 }, false],
    [{ lost: 0, failed: 1 }, false],
  ])('takes %j for well: %s', (row, well) => {
    expect(isWell(wholeRow(row))).toBe(well);
  });
});
