import { contactIndex } from '../contacts/contact.index.ts';
import { randomProblem } from '../fixtures/random.problems.ts';
import { uniforms } from '../random/threefry.ts';
import { ChainState } from '../sampler/chain.state.ts';
import { populationOf } from '../sampler/population.ts';
import { movedTrajectories, neverInfected } from './moved.trajectories.ts';

/** [exposed, infectious, removed, lead] of one person in ten days, moved. */
const moved = (one: readonly number[], by: number, last?: number) => [
  ...movedTrajectories(Uint8Array.from(one), 10, by, last),
];

describe('trajectories in a window that has moved', () => {
  it.each<[string, number[], number, number[]]>([
    ['never infected', [10, 10, 10, 0], 3, [10, 10, 10, 0]],
    ['wholly after the new first day', [4, 6, 9, 0], 3, [1, 3, 6, 0]],
    ['in E on it', [2, 6, 9, 0], 3, [0, 3, 6, 0]],
    ['infectious on it since before', [1, 2, 7, 0], 5, [0, 0, 2, 3]],
    ['infectious from it on', [1, 3, 7, 0], 3, [0, 0, 4, 0]],
    ['infectious since before the old first day', [0, 0, 8, 4], 2, [0, 0, 6, 6]],
    ['removed before it', [0, 1, 3, 0], 5, [0, 0, 0, 0]],
    ['not removed by the end', [2, 5, 10, 0], 6, [0, 0, 10, 1]],
    ['not infectious by the end', [8, 10, 10, 0], 9, [0, 10, 10, 0]],
  ])('are what they were: %s', (_, before, by, after) => {
    expect(moved(before, by)).toEqual(after);
  });

  it('have not come in the days that a longer window adds', () => {
    expect(moved([4, 10, 10, 0], 0, 14)).toEqual([4, 14, 14, 0]);
    expect([...neverInfected(2, 7)]).toEqual([7, 7, 7, 7, 7, 7, 0, 0]);
  });

  it('move by two days as by one and one, and a state takes and gives them', () => {
    const problem = randomProblem(4, { persons: 50, days: 10, contacts: 200, tests: 0 });
    const state = new ChainState(populationOf(problem, contactIndex(problem)));
    const uniform = uniforms(3, 5);
    for (let person = 0; person < 50; person++) {
      const exposed = Math.floor(uniform() * 11);
      const infectious = Math.min(10, exposed + Math.ceil(uniform() * 3));
      state.set(person, exposed, infectious, Math.min(10, infectious + Math.ceil(uniform() * 4)), 0);
    }
    const bytes = state.trajectories();
    expect(movedTrajectories(movedTrajectories(bytes, 10, 1), 10, 1)).toEqual(movedTrajectories(bytes, 10, 2));
    const other = new ChainState(state.population);
    other.take(bytes);
    expect(other.trajectories()).toEqual(bytes);
    expect(other.pressure).toEqual(state.pressure);
  });
});
