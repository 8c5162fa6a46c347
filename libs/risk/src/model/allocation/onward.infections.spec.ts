import {
  contactColumns,
  parseRiskParameters,
  symptomColumns,
  testColumns,
  type RiskProblem,
} from '../../contract/index.ts';
import { contactIndex } from '../contacts/contact.index.ts';
import { populationOf } from '../sampler/population.ts';
import { closeContacts } from './circles.ts';
import { onwardInfections } from './onward.infections.ts';
import type { TrajectorySamples } from './trajectory.samples.ts';

const DAYS = 8;
const LAST = DAYS - 1;

const parameters = parseRiskParameters({
  external: 0.01,
  channels: [
    { name: 'near', probability: 0.2 },
    { name: 'far', probability: 0.05 },
  ],
  exposed: [0, 0, 0, 1],
  infectious: [0, 0, 0, 0, 0.5, 0.5],
  infectivity: [1, 1, 0.5],
  tests: [],
  symptoms: null,
});

// Everybody of 1, 2 meets 0 on each of the four days before the last; 3 met 0 long ago.
const problem: RiskProblem = {
  persons: 4,
  days: DAYS,
  parameters,
  region: null,
  contacts: [
    contactColumns([
      ...[3, 4, 5, 6].flatMap((day) => [
        { from: 0, to: 1, day, mutual: true },
        { from: 2, to: 0, day, channel: 1, count: 2, mutual: true },
      ]),
      { from: 0, to: 3, day: 1, mutual: true },
    ]),
  ],
  tests: testColumns([]),
  symptoms: symptomColumns([]),
  reporting: null,
  initial: null,
};

/** One sample, by the days of each person. */
function sampleOf(...persons: readonly (readonly [number, number, number])[]): TrajectorySamples {
  const column = (k: 0 | 1 | 2) => Uint8Array.from(persons, (days) => days[k]);
  return {
    samples: 1,
    persons: 4,
    days: DAYS,
    exposed: column(0),
    infectious: column(1),
    removed: column(2),
    lead: new Uint8Array(4),
  };
}

const never = [DAYS, DAYS, DAYS] as const;
const population = populationOf(problem, contactIndex(problem));
const onward = (samples: TrajectorySamples, horizon = 20) =>
  onwardInfections(population, parameters, samples, { lookBack: 4, horizon });
const toOne = 0.2;
const toTwo = 1 - 0.95 ** 2;

describe('onward infections', () => {
  it('are the infectious days to come, by their infectivity, times who would be infected a day', () => {
    // Infectious for the second day: days of age 1, 2, 3 for sure, 4 in half of the cases.
    const [zero, ...others] = onward(sampleOf([3, 6, DAYS], never, never, never));
    expect(zero).toBeCloseTo((1 + 0.5 + 0.5 + 0.25) * (toOne + toTwo), 6);
    expect(others).toEqual([0, 0, 0]);
  });

  it('count no day behind the horizon, the last day of the window being the first', () => {
    expect(onward(sampleOf([3, 6, DAYS], never, never, never), 1)[0]).toBeCloseTo(toOne + toTwo, 6);
    expect(onward(sampleOf([3, 6, DAYS], never, never, never), 0)[0]).toBe(0);
  });

  it('begin when E ends', () => {
    // Exposed the day before the last: infectious in two days.
    expect(onward(sampleOf([6, DAYS, DAYS], never, never, never), 4)[0]).toBeCloseTo(2 * (toOne + toTwo), 6);
    expect(onward(sampleOf([LAST, DAYS, DAYS], never, never, never), 3)[0]).toBe(0);
  });

  it('spare who is infected already, and are none of who is removed', () => {
    const [zero, one, two] = onward(sampleOf([3, 6, DAYS], [2, 5, DAYS], [0, 3, 6], never));
    expect(zero).toBe(0);
    expect(one).toBe(0);
    expect(two).toBe(0);
    expect(onward(sampleOf([3, 6, DAYS], [2, 5, DAYS], never, never))[0]).toBeCloseTo(2.25 * toTwo, 6);
  });

  it('know of who was infectious before the window for how long', () => {
    const sample = sampleOf([0, 0, DAYS], never, never, never);
    const young = onward({ ...sample, infectious: Uint8Array.of(6, DAYS, DAYS, DAYS) })[0]!;
    const old = onward({
      ...sample,
      infectious: Uint8Array.of(6, DAYS, DAYS, DAYS),
      lead: Uint8Array.of(2, 0, 0, 0),
    })[0]!;
    expect(old).toBeCloseTo((0.5 + 0.25) * (toOne + toTwo), 6);
    expect(young).toBeGreaterThan(old);
  });
});

describe('close contacts', () => {
  it('are who met by these channels lately, either way', () => {
    expect(closeContacts(problem, [0], 5)).toEqual([[1], [0], [], []]);
    expect(closeContacts(problem, [0, 1], 7)).toEqual([[1, 2, 3], [0], [0], [0]]);
    expect(closeContacts(problem, [1], 5)).toEqual([[2], [], [0], []]);
  });
});
