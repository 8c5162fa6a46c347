import { contactColumns, type RiskProblem } from '../../contract/index.ts';
import { entryAt } from '../contacts/contact.entries.ts';
import { contactIndex } from '../contacts/contact.index.ts';
import { randomProblem } from '../fixtures/random.problems.ts';
import { movedTrajectories } from '../streaming/moved.trajectories.ts';
import { ChainRun, type SamplingPlan } from './chain.run.ts';
import { ChainState } from './chain.state.ts';
import { RiskChain } from './chain.ts';
import { populationOf } from './population.ts';

const shape = { persons: 60, days: 30, contacts: 2_000, tests: 40, reports: 8, infectivity: [0.5, 1] };
/** Most are never infected: where draws may take the short way. */
const calm = { ...shape, external: 1e-3, contacts: 500 };

const populationFor = (problem: RiskProblem) => populationOf(problem, contactIndex(problem));
const bytes = ({ exposed, infectious, removed, lead }: ChainState) =>
  [exposed, infectious, removed, lead].map((each) => [...each]);

/** [persons, days]: what each person gives to those who are in S on the day after, contact by contact. */
function givenBy({ population, exposed }: ChainState): number[] {
  const { persons, days, contacts, exposure } = population;
  const { start, low, high, classBits } = contacts;
  return Array.from({ length: persons * days }, (_, cell) =>
    Array.from({ length: start[cell + 1]! - start[cell]! }, (_, k) => entryAt(low, high, start[cell]! + k))
      .filter((entry) => exposed[entry >>> classBits]! > (cell % days) + 1)
      .reduce((sum, entry) => sum + exposure.plain[entry & (2 ** classBits - 1)]!, 0),
  );
}

const plan: SamplingPlan = {
  seed: 5,
  chains: 2,
  warmUp: 3,
  sweeps: 12,
  marginalsEvery: 3,
  groupsEvery: 2,
  explain: [1, 7],
};

describe('a chain', () => {
  it.each([shape, calm])('draws the same whether or not marginals are asked for', (of) => {
    const population = populationFor(randomProblem(1, of));
    const [short, whole] = [new RiskChain(population, 3, 1), new RiskChain(population, 3, 1)];
    for (let sweep = 0; sweep < 20; sweep++) {
      short.sweep(sweep);
      whole.sweep(sweep, () => undefined);
      short.sweepGroups(sweep);
      whole.sweepGroups(sweep);
    }
    expect(bytes(short.state)).toEqual(bytes(whole.state));
  });

  it('keeps pressure and exposures as a fresh count gives them', () => {
    const population = populationFor(randomProblem(2, { ...shape, initial: true }));
    const chain = new RiskChain(population, 4, 1);
    for (let sweep = 0; sweep < 30; sweep++) {
      chain.sweep(sweep);
      chain.sweepGroups(sweep);
    }
    const fresh = new ChainState(population);
    const { exposed, infectious, removed, lead } = chain.state;
    for (let person = 0; person < shape.persons; person++) {
      fresh.set(person, exposed[person]!, infectious[person]!, removed[person]!, lead[person]!);
    }
    expect(exposed.some((day) => day < shape.days)).toBe(true);
    expect([...chain.state.pressure]).toEqual([...fresh.pressure]);
    expect([...chain.state.followed]).toEqual([...fresh.followed]);
    expect([...chain.state.followedOn]).toEqual([...fresh.followedOn]);
    expect([...chain.state.given]).toEqual(givenBy(chain.state));
  });

  it.each([
    [3, 85, 'Uint8Array'],
    [2, 128, 'Uint16Array'],
    [3, 21_845, 'Uint16Array'],
    [2, 32_768, 'Int32Array'],
  ])('holds what %d contacts of %d units come to, in a %s', (others, count, type) => {
    const days = 5;
    const from = Array.from({ length: others }, (_, at) => at + 1);
    const contacts = [contactColumns(from.map((person) => ({ from: person, to: 0, day: 2, count, mutual: true })))];
    const problem = { ...randomProblem(3, { ...shape, persons: others + 1, days, infectivity: [1] }), contacts };
    const state = new ChainState(populationFor(problem));
    expect(state.given[2]).toBe(others * count);
    for (const person of from) state.set(person, 0, 0, days, 0);
    expect(state.pressure.constructor.name).toBe(type);
    expect([...state.pressure].filter((units) => units > 0)).toEqual([others * count]);
    expect(state.given[2]).toBe(0);
  });

  it('takes over trajectories with all that follows from them, and leaves those who are fixed as they came', () => {
    const problem = randomProblem(8, { ...shape, initial: true });
    const before = new RiskChain(populationFor(problem), 4, 1);
    for (let sweep = 0; sweep < 5; sweep++) before.sweep(sweep);
    const fixed = Uint8Array.from({ length: shape.persons }, (_, person) => person % 3).map((k) => Number(k === 0));
    const chain = new RiskChain(populationOf(problem, contactIndex(problem), fixed), 6, 1);
    const moved = movedTrajectories(before.state.trajectories(), shape.days, 4);
    chain.state.take(moved);
    expect(chain.state.trajectories()).toEqual(moved);
    expect([...chain.state.given]).toEqual(givenBy(chain.state));
    for (let sweep = 0; sweep < 5; sweep++) {
      chain.sweep(sweep);
      chain.sweepGroups(sweep);
    }
    const fresh = new ChainState(chain.population);
    fresh.take(chain.state.trajectories());
    expect([...chain.state.given]).toEqual(givenBy(chain.state));
    expect([...chain.state.given]).toEqual([...fresh.given]);
    expect([...chain.state.pressure]).toEqual([...fresh.pressure]);
    expect([...chain.state.followedOn]).toEqual([...fresh.followedOn]);
    const after = chain.state.trajectories();
    const kept = after.map((day, at) => (fixed[at % shape.persons] === 1 ? day : 0));
    expect(kept).toEqual(moved.map((day, at) => (fixed[at % shape.persons] === 1 ? day : 0)));
    expect(after).not.toEqual(moved);
  });

  it('orders its days: E before I before R, by durations that there are', () => {
    const problem = randomProblem(3, shape);
    const chain = new RiskChain(populationFor(problem), 4, 0);
    for (let sweep = 0; sweep < 10; sweep++) chain.sweep(sweep);
    const { exposed, infectious, removed } = chain.state;
    for (let person = 0; person < shape.persons; person++) {
      const [e, i, r] = [exposed[person]!, infectious[person]!, removed[person]!];
      if (e === shape.days) expect([i, r]).toEqual([shape.days, shape.days]);
      else if (i < shape.days) {
        expect(problem.parameters.exposed[i - e]).toBeGreaterThan(0);
        if (r < shape.days) expect(problem.parameters.infectious[r - i]).toBeGreaterThan(0);
      }
    }
  });

  it('is another with another seed, and with another number', () => {
    const population = populationFor(randomProblem(4, shape));
    const states = [
      [1, 0],
      [2, 0],
      [1, 2],
      [2 ** 40 + 1, 0],
    ].map(([seed, number]) => {
      const chain = new RiskChain(population, seed!, number!);
      for (let sweep = 0; sweep < 3; sweep++) chain.sweep(sweep);
      return bytes(chain.state).join();
    });
    expect(new Set(states).size).toBe(4);
  });
});

describe('a run of a chain', () => {
  it('goes on from a checkpoint as if it had never stopped', () => {
    const population = populationFor(randomProblem(6, { ...shape, initial: true }));
    const whole = new ChainRun(population, plan, 1);
    while (!whole.finished) whole.step();
    const first = new ChainRun(population, plan, 1);
    for (let step = 0; step < 8; step++) first.step();
    const second = new ChainRun(population, plan, 1);
    second.restore(structuredClone(first.checkpoint()));
    while (!second.finished) second.step();
    expect(second.checkpoint()).toEqual(whole.checkpoint());
    expect(whole.done).toBe(15);
  });

  it('counts each sweep that counts once, whatever the batches', () => {
    const run = new ChainRun(populationFor(randomProblem(7, shape)), plan, 0);
    while (!run.finished) run.step();
    const { marginals, series, sources } = run.sums;
    expect([...marginals.sweeps].reduce((a, b) => a + b)).toBe(4);
    expect([...series.sweeps].reduce((a, b) => a + b)).toBe(4);
    expect(sources.map((each) => each.sources.person)).toEqual([1, 7]);
  });
});
