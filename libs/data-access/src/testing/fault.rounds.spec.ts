import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { faultRounds } from './fault.rounds.ts';

const forms = { short: 2, long: 50, secondsEach: 3, seed: 7 };

describe('faultRounds', () => {
  let folder: string;
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'haat-rounds-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is short where nothing is said, and tells nobody', () => {
    const { rounds, seed, timeoutMs, report } = faultRounds(forms, {});
    report('power cut', { happened: 'dark', lost: 1 });
    expect({ rounds, seed, timeoutMs }).toEqual({ rounds: 2, seed: 7, timeoutMs: 6_000 });
  });

  it('is long where rows are wanted, and tells a line of JSON for each fault', () => {
    const rows = join(folder, 'rows');
    const { rounds, seed, timeoutMs, report } = faultRounds(forms, { HAAT_FAULT_ROWS: rows, HAAT_FAULT_SEED: '3' });
    expect({ rounds, seed, timeoutMs }).toEqual({ rounds: 50, seed: 3, timeoutMs: 150_000 });
    report('power cut', { happened: 'dark', lost: 1 });
    report('flood', { happened: 'wet', lost: 0, codes: ['WET'] });
    expect(
      readFileSync(rows, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as object),
    ).toEqual([
      { fault: 'power cut', rounds: 50, seed: 3, happened: 'dark', lost: 1 },
      { fault: 'flood', rounds: 50, seed: 3, happened: 'wet', lost: 0, codes: ['WET'] },
    ]);
    expect(faultRounds(forms, { HAAT_FAULT_ROWS: rows, HAAT_FAULT_ROUNDS: '4' }).rounds).toBe(4);
  });

  it('goes through the rounds, and tells as each begins', () => {
    const rows = join(folder, 'rows');
    const seen: [number, string][] = [];
    for (const round of faultRounds(forms, { HAAT_FAULT_ROWS: rows, HAAT_FAULT_ROUNDS: '2' }).each()) {
      seen.push([round, readFileSync(rows, 'utf8')]);
    }
    const [first, second] = ['{"round":1,"rounds":2}\n', '{"round":2,"rounds":2}\n'];
    expect(seen).toEqual([
      [0, first],
      [1, `${first}${second}`],
    ]);
    expect([...faultRounds(forms, {}).each()]).toEqual([0, 1]);
  });

  it('strikes at the same moments for the same seed, and at others for another', () => {
    const moments = (seed: number) => {
      const { chance } = faultRounds({ ...forms, seed }, {});
      return Array.from({ length: 100 }, chance);
    };
    expect(moments(7)).toEqual(moments(7));
    expect(moments(8)).not.toEqual(moments(7));
    expect(moments(7).every((moment) => moment >= 0 && moment < 1)).toBe(true);
    expect(new Set(moments(7)).size).toBe(100);
  });
});
