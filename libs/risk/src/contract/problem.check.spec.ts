import { checkProblem } from './problem.check.ts';
import { parseRiskParameters } from './risk.parameters.ts';
import { contactColumns, symptomColumns, testColumns, type InitialColumns, type RiskProblem } from './risk.problem.ts';

const parameters = parseRiskParameters({
  external: 0.01,
  channels: [{ name: 'all', probability: 0.1 }],
  exposed: [0, 0.5, 0.5],
  infectious: [0, 0, 1],
  infectivity: [1],
  tests: [{ name: 'PCR', uninfected: 0.01, sinceInfection: [0.01, 0.2, 0.9] }],
  symptoms: { reported: 0.5, falseReports: 0.001, delay: [0.5, 0.5] },
});

const sound: RiskProblem = {
  persons: 3,
  days: 4,
  parameters,
  region: null,
  contacts: [contactColumns([{ from: 0, to: 1, day: 3, mutual: true }])],
  tests: testColumns([{ person: 2, day: 0, positive: true }]),
  symptoms: symptomColumns([{ person: 1, day: 1 }]),
  reporting: Uint8Array.of(1, 1, 0),
  initial: null,
};

function initial(
  ...rows: readonly (readonly [person: number, state: number, age: number, probability: number])[]
): InitialColumns {
  return {
    rows: rows.length,
    person: Uint32Array.from(rows, ([person]) => person),
    state: Uint8Array.from(rows, ([, state]) => state),
    age: Uint8Array.from(rows, ([, , age]) => age),
    probability: Float64Array.from(rows, ([, , , probability]) => probability),
  };
}

describe('a problem', () => {
  it('is taken when its columns fit together', () => {
    expect(() => checkProblem(sound)).not.toThrow();
    expect(() => checkProblem({ ...sound, initial: initial([0, 1, 1, 0.5], [0, 3, 0, 0.5]) })).not.toThrow();
  });

  it('may test a person twice on a day, with results that contradict each other: each is evidence', () => {
    const tests = testColumns([
      { person: 0, day: 1, positive: true },
      { person: 0, day: 1, positive: true },
      { person: 0, day: 1, positive: false },
    ]);
    expect(() => checkProblem({ ...sound, tests })).not.toThrow();
  });

  it.each<[string, Partial<RiskProblem>, string, string]>([
    ['no person', { persons: 0 }, 'INVALID_PROBLEM', 'got 0'],
    ['half a day', { days: 0.5 }, 'INVALID_PROBLEM', 'got 0.5'],
    ['255 days', { days: 255 }, 'INVALID_PROBLEM', 'from 1 to 254'],
    ['a short column', { reporting: Uint8Array.of(1) }, 'INVALID_PROBLEM', 'column reporting: expected 3 rows, got 1'],
    [
      'a contact with oneself, in a second piece',
      { contacts: [...sound.contacts, contactColumns([{ from: 2, to: 2, day: 0 }])] },
      'INVALID_CONTACT',
      'Contact 1: expected two different persons',
    ],
    [
      'a count of zero',
      { contacts: [contactColumns([{ from: 0, to: 2, day: 0, count: 0 }])] },
      'INVALID_CONTACT',
      'at least 1',
    ],
    [
      'a day of contact after the window',
      { contacts: [contactColumns([{ from: 0, to: 2, day: 4 }])] },
      'INVALID_CONTACT',
      'below 4',
    ],
    [
      'an unknown person',
      { contacts: [contactColumns([{ from: 0, to: 3, day: 0 }])] },
      'INVALID_CONTACT',
      'below 3, got 3',
    ],
    [
      'an unknown channel',
      { contacts: [contactColumns([{ from: 0, to: 2, day: 0, channel: 1 }])] },
      'INVALID_CONTACT',
      'channel below 1',
    ],
    [
      'a test of an unknown person',
      { tests: testColumns([{ person: 3, day: 0, positive: true }]) },
      'INVALID_TEST',
      'got 3',
    ],
    [
      'an unknown kind of test',
      { tests: testColumns([{ person: 0, day: 0, kind: 1, positive: true }]) },
      'INVALID_TEST',
      'got 1',
    ],
    ['a report after the window', { symptoms: symptomColumns([{ person: 0, day: 9 }]) }, 'INVALID_SYMPTOM', 'got 9'],
    ['reports without parameters', { parameters: { ...parameters, symptoms: null } }, 'INVALID_SYMPTOM', 'got none'],
    [
      'rates of too few days',
      { parameters: { ...parameters, external: [[0.1]] } },
      'INVALID_PARAMETERS',
      '4 days, got 1',
    ],
    [
      'a region without rates',
      { parameters: { ...parameters, external: [[0.1, 0.1, 0.1, 0.1]] }, region: Uint16Array.of(0, 1, 0) },
      'INVALID_PARAMETERS',
      'Person 1',
    ],
    ['a state that is none', { initial: initial([0, 4, 0, 0.1]) }, 'INVALID_INITIAL_STATE', 'got 4'],
    [
      'more days in E than there are',
      { initial: initial([0, 1, 2, 0.1]) },
      'INVALID_INITIAL_STATE',
      'an age below 2 days',
    ],
    ['a probability that is none', { initial: initial([0, 1, 1, NaN]) }, 'INVALID_INITIAL_STATE', 'NaN'],
    [
      'more than all',
      { initial: initial([0, 1, 1, 0.6], [0, 2, 0, 0.5]) },
      'INVALID_INITIAL_STATE',
      'person 0 that sum to at most 1',
    ],
  ])('is refused with %s', (_, change, code, part) => {
    expect(() => checkProblem({ ...sound, ...change })).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(part) }),
    );
  });
});
