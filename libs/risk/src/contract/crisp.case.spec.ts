import { readCrispCase } from './crisp.case.ts';

const pair = {
  format: 'crisp-case-v1',
  name: 'a pair',
  S: 2,
  T: 5,
  params: { p0: 0.01, p1: 0.5, alpha: 0.1, beta: 0.02, qE: [0, 0.5, 0.5], qI: [0, 0, 1] },
  contacts: [
    [0, 1, 2, 1],
    [1, 0, 2, 3],
  ],
  tests: [[1, 4, 1]],
};

const inParams = (params: object) => ({ ...pair, params: { ...pair.params, ...params } });

describe('a case of the format crisp-case-v1', () => {
  it('becomes a problem: directed contacts, one channel, the test of infection', () => {
    const { name, problem } = readCrispCase(pair);
    expect(name).toBe('a pair');
    expect(problem).toMatchObject({ persons: 2, days: 5, region: null, initial: null });
    expect(problem.parameters).toMatchObject({
      external: 0.01,
      channels: [{ probability: 0.5 }],
      exposed: [0, 0.5, 0.5],
      tests: [{ positive: { S: 0.02, E: 0.02, I: 0.9, R: 0.02 } }],
    });
    const [contacts] = problem.contacts;
    expect([...contacts!.count]).toEqual([1, 3]);
    expect([...contacts!.mutual]).toEqual([0, 0]);
  });

  it('takes channels and kinds of tests where there are some', () => {
    const { problem } = readCrispCase({
      ...inParams({ channels: [0.6, 0.1] }),
      testModels: [
        { name: 'a', pPositive: { S: 0, E: 0.5, I: 1, R: 0.5 } },
        { name: 'b', pPositive: { S: 0.1, E: 0.1, I: 0.8, R: 0.8 } },
      ],
      contacts: [[0, 1, 2, 1, 1]],
      tests: [[1, 4, 0, 1]],
    });
    expect(problem.parameters.channels.map(({ probability }) => probability)).toEqual([0.6, 0.1]);
    const [contacts] = problem.contacts;
    expect(contacts!.channel[0]).toBe(1);
    expect(problem.tests.kind[0]).toBe(1);
  });

  it('divides durations by their sum, which printed digits keep near one', () => {
    const { problem } = readCrispCase(inParams({ qE: [0, 0.3333333, 0.3333333, 0.3333333] }));
    expect(problem.parameters.exposed.reduce((a, b) => a + b)).toBeCloseTo(1, 14);
  });

  it.each([
    ['no format', { ...pair, format: 'crisp-case-v2' }, 'INVALID_CASE', 'format'],
    ['too many days', { ...pair, T: 255 }, 'INVALID_CASE', 'field T'],
    ['a negative count', { ...pair, contacts: [[0, 1, 2, -1]] }, 'INVALID_CASE', 'contacts.0'],
    ['a fractional count', { ...pair, contacts: [[0, 1, 2, 1.5]] }, 'INVALID_CASE', 'contacts.0'],
    ['a count that no column holds', { ...pair, contacts: [[0, 1, 2, 70_000]] }, 'INVALID_CASE', 'contacts.0'],
    ['a contact with oneself', { ...pair, contacts: [[1, 1, 2, 1]] }, 'INVALID_CONTACT', 'two different persons'],
    ['a person out of range', { ...pair, contacts: [[0, 300, 2, 1]] }, 'INVALID_CONTACT', 'got 300'],
    ['a day after the window', { ...pair, contacts: [[0, 1, 5, 1]] }, 'INVALID_CONTACT', 'a day below 5, got 5'],
    ['an unknown channel', { ...pair, contacts: [[0, 1, 2, 1, 256]] }, 'INVALID_CONTACT', 'a channel below 1, got 256'],
    ['a test of nobody', { ...pair, tests: [[2, 1, 1]] }, 'INVALID_TEST', 'a person below 2, got 2'],
    ['a test after the window', { ...pair, tests: [[1, 261, 1]] }, 'INVALID_TEST', 'a day below 5, got 261'],
    ['an unknown kind of test', { ...pair, tests: [[1, 1, 1, 256]] }, 'INVALID_TEST', 'a kind below 1, got 256'],
    ['an outcome that is none', { ...pair, tests: [[1, 1, 2]] }, 'INVALID_CASE', 'tests.0'],
    ['p0 = 0', inParams({ p0: 0 }), 'INVALID_PARAMETERS', 'external'],
    ['p0 = 1', inParams({ p0: 1 }), 'INVALID_PARAMETERS', 'external'],
    ['p1 = 1', inParams({ p1: 1 }), 'INVALID_PARAMETERS', 'channels.0.probability'],
    ['durations that do not sum to one', inParams({ qI: [0, 0.5, 0.4] }), 'INVALID_PARAMETERS', 'a sum of 0.9'],
    ['durations of no day', inParams({ qE: [0.5, 0.5] }), 'INVALID_PARAMETERS', 'zero days'],
    ['no duration at all', inParams({ qE: [1] }), 'INVALID_PARAMETERS', 'zero days'],
    ['p0 that is none', inParams({ p0: NaN }), 'INVALID_CASE', 'params.p0'],
  ])('refuses %s', (_, raw, code, part) => {
    expect(() => readCrispCase(raw)).toThrow(expect.objectContaining({ code, message: expect.stringContaining(part) }));
  });
});
