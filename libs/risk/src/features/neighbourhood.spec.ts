import { contactColumns, symptomColumns, testColumns, type RiskFacts } from '../contract/index.ts';
import { distancesFrom } from './neighbourhood.ts';
import { factsAmong, factsFrom } from './parts.of.facts.ts';

/** a - b - c - d - e in a row, whoever exposed whom; f alone. */
const facts: RiskFacts = {
  firstDay: '2026-03-01',
  days: 6,
  persons: {
    id: ['a', 'b', 'c', 'd', 'e', 'f'],
    region: Uint16Array.of(0, 1, 2, 3, 4, 5),
    reports: Uint8Array.of(1, 0, 1, 0, 1, 0),
  },
  contacts: [
    contactColumns([
      { from: 3, to: 4, day: 5, count: 7, mutual: true },
      { from: 2, to: 1, day: 1, channel: 2 },
    ]),
    contactColumns([
      { from: 0, to: 1, day: 0 },
      { from: 2, to: 3, day: 3, mutual: true },
    ]),
  ],
  tests: testColumns([
    { person: 1, day: 0, positive: true },
    { person: 3, day: 4, kind: 1, positive: false },
  ]),
  symptoms: symptomColumns([
    { person: 5, day: 2 },
    { person: 2, day: 2 },
  ]),
};

describe('whom a change concerns', () => {
  it.each<[number[], number, number[]]>([
    [[0], 2, [0, 1, 2, 255, 255, 255]],
    [[0], 4, [0, 1, 2, 3, 4, 255]],
    [[4, 0], 2, [0, 1, 2, 1, 0, 255]],
    [[5], 3, [255, 255, 255, 255, 255, 0]],
    [[], 3, [255, 255, 255, 255, 255, 255]],
    [[2], 0, [255, 255, 0, 255, 255, 255]],
  ])('%j within %i contacts', (changed, hops, expected) => {
    expect([...distancesFrom(facts, changed, hops)]).toEqual(expected);
  });
});

describe('parts of facts', () => {
  it('hold what was observed of some persons, and their contacts with one another', () => {
    const part = factsAmong(facts, Uint32Array.of(1, 2, 3));
    expect(part.persons).toEqual({
      id: ['b', 'c', 'd'],
      region: Uint16Array.of(1, 2, 3),
      reports: Uint8Array.of(0, 1, 0),
    });
    expect(part.contacts).toEqual([
      contactColumns([{ from: 1, to: 0, day: 1, channel: 2 }]),
      contactColumns([{ from: 1, to: 2, day: 3, mutual: true }]),
    ]);
    expect(part.tests).toEqual(
      testColumns([
        { person: 0, day: 0, positive: true },
        { person: 2, day: 4, kind: 1, positive: false },
      ]),
    );
    expect(part.symptoms).toEqual(symptomColumns([{ person: 1, day: 2 }]));
    expect(factsAmong(facts, Uint32Array.of(0, 1, 2, 3, 4, 5))).toEqual(facts);
  });

  it('hold the days from one on', () => {
    const part = factsFrom(facts, 3, '2026-03-04');
    expect(part).toMatchObject({ firstDay: '2026-03-04', days: 3, persons: facts.persons });
    expect(part.contacts).toEqual([
      contactColumns([{ from: 3, to: 4, day: 2, count: 7, mutual: true }]),
      contactColumns([{ from: 2, to: 3, day: 0, mutual: true }]),
    ]);
    expect(part.tests).toEqual(testColumns([{ person: 3, day: 1, kind: 1, positive: false }]));
    expect(part.symptoms.rows).toBe(0);
    expect(factsFrom(facts, 0, facts.firstDay)).toEqual(facts);
  });
});
