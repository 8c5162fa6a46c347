import { formerChampion, type Promotion } from './alias.history.ts';

const promoted = (version: number, previousVersion: number | null, archived = false): Promotion => ({
  version,
  previousVersion,
  archived,
});

describe('formerChampion', () => {
  it('goes a step further back with each rollback, to the first and no further', () => {
    const history = [promoted(1, null), promoted(2, 1), promoted(3, 2)];
    expect([3, 2, 1].map((current) => formerChampion(history, current))).toEqual([2, 1, null]);
  });

  it('passes archived ones over, and none is left where all are', () => {
    expect(formerChampion([promoted(1, null), promoted(2, 1, true), promoted(3, 2)], 3)).toBe(1);
    expect(formerChampion([promoted(1, null, true), promoted(2, 1)], 2)).toBeNull();
  });

  it('ends where two versions took over from each other', () => {
    const turns = [promoted(1, 2), promoted(2, 1)];
    expect([1, 2].map((current) => formerChampion(turns, current))).toEqual([2, 1]);
    expect(formerChampion([promoted(1, 2), promoted(2, 1, true)], 1)).toBeNull();
  });

  it('knows nothing before a version that was never promoted', () => {
    expect(formerChampion([promoted(1, null)], 7)).toBeNull();
  });
});
