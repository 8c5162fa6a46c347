import { cityMeetings, cityParameters, Outbreak, type OutbreakWorld } from '@haat/simulators';
import type { PolicySetting } from '../model/index.ts';
import type { Policy, Today } from './policy.ts';
import type { PolicyExperiment } from './policy.experiment.ts';
import { runPolicy } from './policy.run.ts';
import { noPolicy, symptomPolicy, tracingPolicy } from './rule.policies.ts';

const none = { name: 'none', kind: 'none' } as const;
const published = {
  name: 'published',
  kind: 'published',
  sweeps: 10,
  isolate: 0.3,
  release: 0.9,
  quarantineDays: 10,
} as const;
const risk = { name: 'risk', kind: 'risk', warmUp: 3, sweeps: 8, isolate: 0.1, horizon: 10 } as const;
const policies: readonly PolicySetting[] = [
  none,
  { name: 'symptoms', kind: 'symptoms', quarantineDays: 10 },
  { name: 'tracing', kind: 'tracing', quarantineDays: 10, lookBack: 5, depth: 1 },
  published,
  risk,
];
const experiment: PolicyExperiment = {
  world: { persons: 80, days: 45, parameters: { ...cityParameters, external: 2e-3 }, meetings: cityMeetings },
  start: 10,
  capacity: 3,
  kind: 0,
  seeds: [1],
  policies,
};

/** A day on which nothing is known but what is said. */
function day(on: number, said: Partial<Today>): Today {
  const observed = (): OutbreakWorld['observed'] => {
    throw new Error('rules look at contacts, reports and results alone');
  };
  return { day: on, persons: 6, capacity: 2, reports: [], results: [], contacts: [], observed, ...said };
}

const apart = (policy: Policy, today: Today) =>
  [...policy.whoIsApart(today).keys()].filter((person) => policy.whoIsApart(today)[person] === 1);
const pieces = (...days: readonly (readonly (readonly [number, number])[])[]) =>
  days.map((pairs, on) => ({
    rows: pairs.length,
    from: Uint32Array.from(pairs, ([from]) => from),
    to: Uint32Array.from(pairs, ([, to]) => to),
    day: new Uint8Array(pairs.length).fill(on),
    channel: new Uint8Array(pairs.length),
    count: new Uint16Array(pairs.length).fill(1),
    mutual: new Uint8Array(pairs.length).fill(1),
  }));

describe('rules', () => {
  it('do nothing where there is none', () => {
    const policy = noPolicy(6);
    const today = day(3, { reports: [1], results: [{ person: 2, positive: true }] });
    expect(policy.whomToTest(today)).toEqual([]);
    expect(apart(policy, today)).toEqual([]);
  });

  it('test who reports and keep who is positive apart for the days that they say', () => {
    const policy = symptomPolicy({ name: 'symptoms', kind: 'symptoms', quarantineDays: 3 }, 6);
    expect(policy.whomToTest(day(4, { reports: [5, 2, 1] }))).toEqual([5, 2, 1]);
    const results = [
      { person: 2, positive: true },
      { person: 5, positive: false },
    ];
    expect(apart(policy, day(4, { results }))).toEqual([2]);
    expect(apart(policy, day(6, {}))).toEqual([2]);
    expect(apart(policy, day(7, {}))).toEqual([]);
  });

  it('trace whom a positive person met in the days that are looked back to, as deep as they say', () => {
    const contacts = pieces(
      [[0, 5]],
      [
        [0, 1],
        [2, 3],
      ],
      [[3, 1]],
    );
    const today = day(3, { results: [{ person: 0, positive: true }], contacts });
    const setting = { name: 'tracing', kind: 'tracing', quarantineDays: 2, lookBack: 2, depth: 1 } as const;
    const one = tracingPolicy(setting, 6);
    expect(apart(one, today)).toEqual([0, 1]);
    expect(one.whomToTest(day(4, { reports: [4] }))).toEqual([4, 1]);
    expect(apart(tracingPolicy({ ...setting, depth: 2 }, 6), today)).toEqual([0, 1, 3]);
    expect(apart(tracingPolicy({ ...setting, depth: 3 }, 6), today)).toEqual([0, 1, 2, 3]);
    expect(apart(tracingPolicy({ ...setting, lookBack: 3 }, 6), today)).toEqual([0, 1, 5]);
  });
});

describe('a policy that meets an outbreak', () => {
  it.each(policies.map(({ name }) => name))('gives the same outcome again (%s)', (name) => {
    const outcome = runPolicy(experiment, name, 3);
    expect(runPolicy(experiment, name, 3)).toEqual(outcome);
    expect(outcome.tests).toBeLessThanOrEqual(experiment.capacity * (experiment.world.days - experiment.start));
    expect(outcome.positive).toBeLessThanOrEqual(outcome.tests);
  });

  it.each(policies.map(({ name }) => name))(
    'does nothing before its first day: the world is that of the seed (%s)',
    (name) => {
      const late = { ...experiment, start: experiment.world.days };
      const outbreak = new Outbreak({ ...experiment.world, seed: 4 });
      while (outbreak.meet());
      const infected = outbreak.truth().source.filter((from) => from !== -2).length / 80;
      expect(runPolicy(late, name, 4)).toEqual({
        policy: name,
        seed: 4,
        infected,
        quarantineDays: 0,
        tests: 0,
        positive: 0,
      });
    },
  );

  it('keeps nobody apart where no risk is enough, and then it is as if nothing were done', () => {
    const settings = [published, risk].map((setting) => ({ ...setting, isolate: 1 }));
    const { infected } = runPolicy(experiment, 'none', 5);
    for (const { name } of settings) {
      expect(runPolicy({ ...experiment, policies: settings }, name, 5)).toMatchObject({ infected, quarantineDays: 0 });
    }
  });

  it('infects from outside alone when everybody is kept apart', () => {
    const everybody = {
      ...experiment,
      start: 0,
      policies: [{ ...risk, isolate: 0 }],
    };
    const { infected, quarantineDays } = runPolicy(everybody, 'risk', 6);
    const alone = new Outbreak({ ...experiment.world, meetings: [], seed: 6 });
    while (alone.meet());
    expect(infected).toBe(alone.truth().source.filter((from) => from !== -2).length / 80);
    expect(quarantineDays).toBeGreaterThan(79 * 44);
  });
});
