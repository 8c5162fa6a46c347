import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parametersOfRates, policyOptionsSchema, transmissionModel } from '@haat/risk/model';
import { cityExperiment } from '@haat/risk/policy';

import { keptOutcomes } from './kept.outcomes.ts';

const parameters = parametersOfRates(transmissionModel.options.parse({}));
const experiment = (persons: number, seeds: readonly number[]) =>
  cityExperiment(policyOptionsSchema.parse({ persons }), parameters, seeds);
const outcome = (seed: number) => ({
  policy: 'none',
  seed,
  infected: 0.1 * seed,
  quarantineDays: 0,
  tests: 0,
  positive: 0,
});

describe('outcomes in a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'haat-outcomes-'));
  const file = join(folder, 'outcomes.jsonl');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('are known again, also with more seeds, without a line that was cut off', async () => {
    const first = await keptOutcomes(file, experiment(100, [1, 2]));
    expect(first.known).toEqual([]);
    for (const seed of [1, 2]) await first.keep(outcome(seed));
    appendFileSync(file, '{"policy":"none","se');
    const second = await keptOutcomes(file, experiment(100, [1, 2, 3]));
    expect(second.known).toEqual([outcome(1), outcome(2)]);
    await second.keep(outcome(3));
    expect((await keptOutcomes(file, experiment(100, [3]))).known).toEqual([outcome(1), outcome(2), outcome(3)]);
    expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(5);
  });

  it('go on from the last whole line, wherever a kill has torn the file, to the same file', async () => {
    const torn = join(folder, 'torn.jsonl');
    const outcomes = [1, 2].map((seed) => ({ ...outcome(seed), policy: 'ohne Maßnahmen' }));
    const first = await keptOutcomes(torn, experiment(100, [1]));
    for (const each of outcomes) await first.keep(each);
    const whole = readFileSync(torn);
    const ends = [...whole.keys()].filter((at) => whole[at] === 10);
    expect(ends).toHaveLength(3);
    for (let cut = 0; cut <= whole.length; cut++) {
      writeFileSync(torn, whole.subarray(0, cut));
      const { known, keep } = await keptOutcomes(torn, experiment(100, [1]));
      const left = ends.slice(1).filter((end) => end < cut).length;
      expect(known).toEqual(outcomes.slice(0, left));
      for (const each of outcomes.slice(left)) await keep(each);
      expect(readFileSync(torn).equals(whole)).toBe(true);
    }
  });

  it('are not guessed where a whole line of the file is none', async () => {
    const broken = join(folder, 'broken.jsonl');
    const { keep } = await keptOutcomes(broken, experiment(100, [1]));
    appendFileSync(broken, '{"policy":"none","se\n');
    await keep(outcome(1));
    const before = readFileSync(broken, 'utf8');
    await expect(keptOutcomes(broken, experiment(100, [1]))).rejects.toMatchObject({
      code: 'FILE_UNUSABLE',
      message: expect.stringMatching(/line 2: .*\{"policy":"none","se$/),
    });
    expect(readFileSync(broken, 'utf8')).toBe(before);
  });

  it('of another experiment, or of anything else, are refused and stay as they are', async () => {
    const before = readFileSync(file, 'utf8');
    await expect(keptOutcomes(file, experiment(101, [1]))).rejects.toMatchObject({ code: 'USAGE' });
    expect(readFileSync(file, 'utf8')).toBe(before);
    const other = join(folder, 'other');
    writeFileSync(other, 'something');
    await expect(keptOutcomes(other, experiment(100, [1]))).rejects.toMatchObject({ code: 'USAGE' });
    await expect(keptOutcomes(folder, experiment(100, [1]))).rejects.toMatchObject({ code: 'FILE_UNUSABLE' });
  });
});
