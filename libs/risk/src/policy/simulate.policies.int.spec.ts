import { fileURLToPath } from 'node:url';
import { cityMeetings, cityParameters } from '@haat/simulators';
import type { PolicyOutcome } from '../contract/index.ts';
import { checkExperiment } from './experiment.check.ts';
import type { PolicyExperiment } from './policy.experiment.ts';
import { runPolicy } from './policy.run.ts';
import { simulatePolicies } from './simulate.policies.ts';

const source = fileURLToPath(new URL('../../../../tools/jest/source.mjs', import.meta.url));
const nodeArguments = ['--no-warnings', '--conditions=@haat/source', '--import', source];
const experiment: PolicyExperiment = {
  world: { persons: 50, days: 30, parameters: { ...cityParameters, external: 4e-3 }, meetings: cityMeetings },
  start: 5,
  capacity: 2,
  kind: 0,
  seeds: [7, 8, 9],
  policies: [
    { name: 'none', kind: 'none' },
    { name: 'tracing', kind: 'tracing', quarantineDays: 7, lookBack: 5, depth: 2 },
    { name: 'risk', kind: 'risk', warmUp: 2, sweeps: 4, isolate: 0.1, horizon: 10 },
  ],
};

describe('simulatePolicies', () => {
  it('answers what each run alone gives, in order, whatever the threads, and what is known is not run again', async () => {
    const expected = experiment.seeds.flatMap((seed) =>
      experiment.policies.map(({ name }) => runPolicy(experiment, name, seed)),
    );
    const counts: number[] = [];
    const came: PolicyOutcome[] = [];
    const all = await simulatePolicies(experiment, {
      threads: 3,
      nodeArguments,
      onOutcome: (outcome, done, total) => {
        came.push(outcome);
        counts.push(done);
        expect(total).toBe(9);
      },
    });
    expect(all).toEqual(expected);
    expect(counts).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    // What came of the first half is told as another value, to see that it is kept.
    const known = came.slice(0, 5).map((outcome) => ({ ...outcome, tests: outcome.tests + 1000 }));
    const again: PolicyOutcome[] = [];
    const resumed = await simulatePolicies(experiment, {
      threads: 1,
      nodeArguments,
      known,
      onOutcome: (each) => void again.push(each),
    });
    expect(again.length).toBe(4);
    expect(resumed).toEqual(
      expected.map((each) => known.find(({ policy, seed }) => policy === each.policy && seed === each.seed) ?? each),
    );
  });

  it('stops when it is told to, with the reason', async () => {
    const control = new AbortController();
    const running = simulatePolicies(experiment, {
      threads: 2,
      nodeArguments,
      signal: control.signal,
      onOutcome: () => control.abort(new Error('enough')),
    });
    await expect(running).rejects.toThrow('enough');
  });

  it('says which run failed', async () => {
    const broken = { ...experiment, world: { ...experiment.world, persons: 0 } };
    await expect(simulatePolicies(broken, { nodeArguments })).rejects.toMatchObject({
      code: 'POLICY_RUN_FAILED',
      message: expect.stringMatching(/^Policy "none" on seed 7 failed: .*option persons/),
    });
  });

  it('takes what lies at its limits, and says by what more is refused', async () => {
    const risk = { name: 'risk', kind: 'risk', warmUp: 100, sweeps: 9_900, isolate: 0.1, horizon: 10 } as const;
    const at = (persons: number) => ({
      ...experiment,
      world: { ...experiment.world, persons, days: 10 },
      policies: [risk],
    });
    expect(() => checkExperiment(at(1_000))).not.toThrow();
    expect(() => checkExperiment({ ...experiment, seeds: Array.from({ length: 666 }, (_, k) => k) })).not.toThrow();
    await expect(simulatePolicies(at(1_001))).rejects.toMatchObject({
      code: 'INVALID_EXPERIMENT',
      details: { field: 'policies.0', most: 100_000_000, got: 100_100_000 },
    });
  });

  it.each<[string, Partial<PolicyExperiment>, string]>([
    ['no seed', { seeds: [] }, 'field seeds'],
    ['a seed twice', { seeds: [1, 1] }, 'each seed once'],
    ['no policy', { policies: [] }, 'at least one policy'],
    [
      'half a sweep',
      { policies: [{ name: 'risk', kind: 'risk', warmUp: 0, sweeps: 0.5, isolate: 1, horizon: 5 }] },
      'sweeps',
    ],
    [
      'no day of quarantine',
      { policies: [{ name: 'some', kind: 'symptoms', quarantineDays: 0 }] },
      'policies.0.quarantineDays',
    ],
    [
      'a policy twice',
      { policies: [...experiment.policies, { name: 'tracing', kind: 'none' }] },
      'field policies.3.name: expected each name once, got "tracing" again',
    ],
    [
      'more runs than anybody waits for',
      { seeds: Array.from({ length: 667 }, (_, seed) => seed) },
      'field seeds: expected seeds x policies of at most 2000, got 667 x 3 = 2001',
    ],
    [
      'more sweeps of all persons and days',
      { world: { ...experiment.world, persons: 1_000_000, days: 20 } },
      'field policies.2: expected persons x days x sweeps a day of at most 100000000, got 1000000 x 20 x 6 = 120000000',
    ],
    ['a kind of test that is none', { kind: 2 }, 'a kind of test below 2, got 2'],
    ['a negative capacity', { capacity: -1 }, 'field capacity'],
  ])('refuses an experiment with %s', async (_, change, part) => {
    await expect(simulatePolicies({ ...experiment, ...change })).rejects.toMatchObject({
      code: 'INVALID_EXPERIMENT',
      message: expect.stringContaining(part),
    });
  });
});
