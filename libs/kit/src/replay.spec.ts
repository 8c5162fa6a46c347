import { differencesOf, replayOf } from './index.ts';

describe('differencesOf', () => {
  it('names each value that differs, with how much, and is exact to the last bit', () => {
    const recorded = { a: 1, b: 'x', c: [0.1, 0.2], d: null, e: { f: true } };
    expect(differencesOf(recorded, structuredClone(recorded))).toEqual([]);
    expect(differencesOf(recorded, { a: 1 + Number.EPSILON, b: 'y', c: [0.1, 0.5], d: 0, e: { f: false } })).toEqual([
      { path: 'a', recorded: 1, replayed: 1 + Number.EPSILON, difference: Number.EPSILON },
      { path: 'b', recorded: 'x', replayed: 'y', difference: null },
      { path: 'c[1]', recorded: 0.2, replayed: 0.5, difference: expect.closeTo(0.3, 12) },
      { path: 'd', recorded: null, replayed: 0, difference: null },
      { path: 'e.f', recorded: true, replayed: false, difference: null },
    ]);
  });

  it('tells lists of other lengths and values that are gone, and leaves out what was not recorded', () => {
    expect(differencesOf({ a: [1] }, { a: [1, 2] })).toEqual([
      { path: 'a', recorded: [1], replayed: [1, 2], difference: null },
    ]);
    expect(differencesOf({ a: { b: 1 } }, null)).toEqual([
      { path: 'a.b', recorded: 1, replayed: null, difference: null },
    ]);
    expect(differencesOf({ a: 1 }, { a: 1, later: 2 })).toEqual([]);
  });
});

describe('replayOf', () => {
  it('is the same only when inputs and outputs are', () => {
    const recorded = { id: 'p', input: { x: 1 }, output: [2] };
    expect(replayOf(recorded, { input: { x: 1 }, output: [2] })).toEqual({
      id: 'p',
      same: true,
      inputs: [],
      outputs: [],
    });
    expect(replayOf(recorded, { input: { x: 2 }, output: [2] }).same).toBe(false);
    expect(replayOf(recorded, { input: { x: 1 }, output: [3] }).same).toBe(false);
  });
});
