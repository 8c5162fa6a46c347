import { contactColumns, symptomColumns, testColumns, type RiskProblem } from '../../contract/index.ts';
import { enumerate } from '../exact/enumerate.ts';
import { randomProblem } from '../fixtures/random.problems.ts';
import { contactCounts } from './contact.counting.ts';
import { meanField } from './mean.field.ts';
import { randomScores } from './random.score.ts';

const furthest = (a: Float64Array, b: Float64Array) =>
  a.reduce((most, value, at) => Math.max(most, Math.abs(value - b[at]!)), 0);

describe('contact counting', () => {
  const met = {
    persons: 4,
    days: 30,
    contacts: [
      contactColumns([
        { from: 0, to: 1, day: 20, count: 3, mutual: true },
        { from: 0, to: 1, day: 28, count: 5, mutual: true },
        { from: 0, to: 2, day: 20 },
        { from: 3, to: 0, day: 20 },
      ]),
      contactColumns([{ from: 1, to: 0, day: 15, count: 9, mutual: true }]),
    ],
    tests: testColumns([
      { person: 0, day: 13, positive: true },
      { person: 0, day: 20, positive: false },
      { person: 3, day: 20, positive: false },
    ]),
  };

  it('counts units of contact with whom was positive about then, in the days that are looked back to', () => {
    expect([...contactCounts(met)]).toEqual([0, 3, 1, 0]);
    expect([...contactCounts(met, { lookBack: 15 })]).toEqual([0, 12, 1, 0]);
    expect([...contactCounts(met, { positiveWithin: 6 })]).toEqual([0, 0, 0, 0]);
    expect([...contactCounts(met, { positiveWithin: 15 })]).toEqual([0, 8, 1, 0]);
  });
});

describe('random scores', () => {
  it('are the same for a seed, and another for each person', () => {
    expect(randomScores(5, 1)).toEqual(randomScores(5, 1));
    expect(new Set([...randomScores(50, 1), ...randomScores(50, 2)]).size).toBe(100);
  });
});

describe('mean field', () => {
  it.each([1, 2, 3])('is exact where nobody meets anybody (seed %i)', (seed) => {
    const shape = {
      persons: 4,
      days: 14,
      contacts: 0,
      tests: 9,
      reports: 3,
      regions: true,
      infectivity: [0.5, 1, 0.2],
    };
    const problem = randomProblem(seed, shape);
    expect(furthest(meanField(problem, 2), enumerate(problem).probability)).toBeLessThan(1e-9);
  });

  it('is exact forwards along a chain of which only the first is tested', () => {
    const whole = randomProblem(3, { persons: 3, days: 10, contacts: 0, tests: 0, external: 1e-9 });
    const problem: RiskProblem = {
      ...whole,
      parameters: { ...whole.parameters, symptoms: null },
      contacts: [
        contactColumns([
          { from: 0, to: 1, day: 4 },
          { from: 1, to: 2, day: 8 },
        ]),
      ],
      tests: testColumns([
        { person: 0, day: 4, positive: true },
        { person: 0, day: 6, kind: 1, positive: true },
      ]),
      symptoms: symptomColumns([]),
      initial: {
        rows: 1,
        person: Uint32Array.of(0),
        state: Uint8Array.of(1),
        age: Uint8Array.of(0),
        probability: Float64Array.of(0.5),
      },
    };
    expect(furthest(meanField(problem), enumerate(problem).probability)).toBeLessThan(1e-7);
  });

  it('says nothing of who infected somebody: evidence does not run backwards', () => {
    const whole = randomProblem(4, { persons: 2, days: 10, contacts: 0, tests: 0 });
    const problem: RiskProblem = {
      ...whole,
      parameters: { ...whole.parameters, symptoms: null },
      contacts: [contactColumns([{ from: 0, to: 1, day: 4 }])],
      tests: testColumns([{ person: 1, day: 7, positive: true }]),
      symptoms: symptomColumns([]),
    };
    const own = meanField({ ...problem, contacts: [] });
    const field = meanField(problem);
    const { probability } = enumerate(problem);
    const infectious = 4 * 4 + 2;
    expect(field[infectious]).toBeCloseTo(own[infectious]!, 12);
    expect(probability[infectious]).toBeGreaterThan(own[infectious]! * 1.5);
  });
});
