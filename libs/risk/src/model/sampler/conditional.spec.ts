import { testColumns, type RiskProblem } from '../../contract/index.ts';
import { contactIndex } from '../contacts/contact.index.ts';
import { randomProblem, type ProblemShape } from '../fixtures/random.problems.ts';
import { PublishedUpdate } from '../published/published.update.ts';
import { uniforms } from '../random/threefry.ts';
import { ChainState } from './chain.state.ts';
import type { Conditional } from './conditional.ts';
import { LinearConditional } from './linear.conditional.ts';
import { lnAdd, LogConditional } from './log.conditional.ts';
import { populationOf } from './population.ts';
import { Surroundings } from './surroundings.ts';

/** A state in which trajectories are anything, likely or not. */
function randomState(problem: RiskProblem, seed: number): ChainState {
  const state = new ChainState(populationOf(problem, contactIndex(problem)));
  const uniform = uniforms(seed, 5);
  const { persons, days } = problem;
  for (let round = 0; round < 3; round++) {
    for (let person = 0; person < persons; person++) {
      if (uniform() < 0.3) state.set(person, days, days, days, 0);
      else {
        const exposed = Math.floor(uniform() * days);
        const infectious = Math.min(days, exposed + 1 + Math.floor(uniform() * 3));
        state.set(person, exposed, infectious, Math.min(days, infectious + 1 + Math.floor(uniform() * 4)), 0);
      }
    }
  }
  return state;
}

/** Marginals by the published update: P(first in E, I, R on each day), and the logarithm of the sum of weights. */
function byTraces(update: PublishedUpdate, person: number, days: number) {
  const { traces, lnWeight } = update.weigh(person);
  const most = lnWeight.reduce((a, b) => Math.max(a, b));
  const total = lnWeight.reduce((sum, ln) => sum + Math.exp(ln - most), 0);
  const enters = [0, 1, 2].map(() => new Float64Array(days + 1));
  traces.forEach(({ exposed, infectious, removed }, k) => {
    const p = Math.exp(lnWeight[k]! - most) / total;
    [exposed, infectious, removed].forEach((day, which) => (enters[which]![day]! += p));
  });
  return { enters, lnTotal: most + Math.log(total) };
}

const traceOf = ({ exposed, infectious, removed, lead }: Conditional) => [exposed, infectious, removed, lead];

function difference(conditional: Conditional, expected: readonly Float64Array[]): number {
  const got = [conditional.entersE, conditional.entersI, conditional.entersR];
  return Math.max(
    ...got.map((law, which) => law.reduce((most, p, day) => Math.max(most, Math.abs(p - expected[which]![day]!)), 0)),
  );
}

/** The constant by which the weights of the fast way differ from those of traces: the likelihood of all tests under R, and of reports without infection. */
function lnConstant(update: PublishedUpdate, person: number, lnTotal: number, days: number): number {
  return byTraces(update, person, days).lnTotal - lnTotal;
}

const cases: [string, ProblemShape][] = [
  ['contacts both ways and one way, in counts and channels', { persons: 6, days: 14, contacts: 60, tests: 0 }],
  ['tests by state and by time', { persons: 3, days: 18, contacts: 0, tests: 14 }],
  ['reports of symptoms', { persons: 4, days: 12, contacts: 10, tests: 2, reports: 5 }],
  ['regions', { persons: 5, days: 11, contacts: 30, tests: 5, regions: true }],
  ['infectivity that changes', { persons: 6, days: 15, contacts: 50, tests: 6, infectivity: [0.5, 2, 2, 0.25] }],
  ['an external rate of 1e-12', { persons: 6, days: 14, contacts: 60, tests: 6, external: 1e-12 }],
  ['one day', { persons: 2, days: 1, contacts: 3, tests: 2 }],
  ['two days', { persons: 3, days: 2, contacts: 5, tests: 2 }],
  [
    'long durations',
    {
      persons: 5,
      days: 40,
      contacts: 200,
      tests: 9,
      reports: 4,
      exposed: [0, 0, 0.2, 0.3, 0, 0.5],
      infectious: [0, 0, 0, 0, 0, 0.1, 0.1, 0.2, 0.3, 0, 0.3],
    },
  ],
];

describe.each([1, 2, 3])('the conditional law of a person (seed %i)', (seed) => {
  it.each(cases)('is that of all its traces, one by one: %s', (_, shape) => {
    const problem = randomProblem(seed * 100 + shape.days, shape);
    const state = randomState(problem, seed);
    const update = new PublishedUpdate(problem, state);
    const surroundings = new Surroundings(state);
    const [linear, logarithmic] = [new LinearConditional(state.population), new LogConditional(state.population)];
    for (let person = 0; person < problem.persons; person++) {
      const { enters, lnTotal } = byTraces(update, person, problem.days);
      surroundings.gather(person);
      expect(linear.prepare(surroundings)).toBe(true);
      expect(logarithmic.prepare(surroundings)).toBe(true);
      linear.marginals();
      logarithmic.marginals();
      expect(difference(linear, enters)).toBeLessThan(2e-12);
      expect(difference(logarithmic, enters)).toBeLessThan(2e-12);
      expect(Math.abs(linear.lnNever() - logarithmic.lnNever())).toBeLessThan(1e-10);
      expect(Math.abs(linear.lnInfected() - logarithmic.lnInfected())).toBeLessThan(1e-10);
      expect(Number.isFinite(lnTotal)).toBe(true);
    }
  });

  it.each<[string, Partial<ProblemShape>]>([
    ['infectivity in two phases', { infectivity: [1, 0.5] }],
    ['infectivity in four phases, regions', { infectivity: [0.5, 2, 0.25, 1], regions: true }],
    ['durations longer than the window', { days: 3, infectious: [0, 0, 0.2, 0, 0.3, 0.1, 0.2, 0.2] }],
    ['one day', { days: 1 }],
    ['nothing observed', { tests: 0, reports: 0 }],
  ])('starts from what is known of the first day: %s', (_, more) => {
    const shape = { persons: 4, days: 12, contacts: 30, tests: 8, reports: 3, initial: true };
    const problem = randomProblem(seed, { ...shape, ...more });
    const state = randomState(problem, seed);
    const update = new PublishedUpdate(problem, state);
    const surroundings = new Surroundings(state);
    const [linear, logarithmic] = [new LinearConditional(state.population), new LogConditional(state.population)];
    for (const person of [0, 1, 3]) {
      const { enters } = byTraces(update, person, problem.days);
      surroundings.gather(person);
      for (const conditional of [linear, logarithmic]) {
        expect(conditional.prepare(surroundings)).toBe(true);
        conditional.marginals();
        expect(difference(conditional, enters)).toBeLessThan(2e-12);
      }
      expect(linear.lnNever()).toBeCloseTo(logarithmic.lnNever(), 9);
      expect(linear.lnInfected()).toBeCloseTo(logarithmic.lnInfected(), 9);
      for (let k = 0; k < 300; k++) {
        const [first, second, third] = [0, 1, 2].map((at) => ((k * [137, 71, 29][at]!) % 300) / 300 + 1 / 700);
        for (const conditional of [linear, logarithmic]) conditional.draw(first!, second!, third!);
        expect(traceOf(linear)).toEqual(traceOf(logarithmic));
      }
    }
  });

  it('weighs on an absolute scale: a change of somebody else changes the sum as it changes the sum over traces', () => {
    const problem = randomProblem(seed, { persons: 5, days: 12, contacts: 50, tests: 10, reports: 4 });
    const state = randomState(problem, seed);
    const update = new PublishedUpdate(problem, state);
    const surroundings = new Surroundings(state);
    const conditional = new LinearConditional(state.population);
    const constants = [0, 1, 2].map((change) => {
      if (change > 0) state.set(1, change * 2, change * 3, 11, 0);
      surroundings.gather(0);
      conditional.prepare(surroundings);
      return lnConstant(update, 0, lnAdd(conditional.lnNever(), conditional.lnInfected()), 12);
    });
    expect(constants[1]).toBeCloseTo(constants[0]!, 10);
    expect(constants[2]).toBeCloseTo(constants[0]!, 10);
  });
});

describe('what the linear domain cannot hold', () => {
  it('is left to logarithms, which never give NaN', () => {
    const shape = { persons: 4, days: 60, contacts: 40, tests: 0, external: 1e-12 };
    const problem = randomProblem(9, shape);
    const certain = { name: 'certain', positive: { S: 0, E: 0, I: 1, R: 0 } };
    const contradictory: RiskProblem = {
      ...problem,
      parameters: { ...problem.parameters, tests: [certain] },
      tests: testColumns(Array.from({ length: 60 }, (_, day) => ({ person: 0, day, positive: true }))),
    };
    const state = randomState(contradictory, 9);
    const surroundings = new Surroundings(state);
    const logarithmic = new LogConditional(state.population);
    surroundings.gather(0);
    expect(new LinearConditional(state.population).prepare(surroundings)).toBe(false);
    logarithmic.prepare(surroundings);
    logarithmic.marginals();
    const infected = logarithmic.entersE.reduce((a, b) => a + b);
    expect(infected).toBeGreaterThan(0.999);
    expect(infected).toBeLessThan(1 + 1e-12);
    expect(logarithmic.entersR.every((p) => p >= 0)).toBe(true);
  });
});
