import { rowWidth, takeRows } from './index.ts';

describe('rows of a batch', () => {
  it('are taken with all of their elements, in the order asked for, each column in its own type', () => {
    const batch = {
      rows: 3,
      columns: {
        weight: Float64Array.of(1, 2, 3),
        picture: Float32Array.of(1, 1.5, 2, 2.5, 3, 3.5),
        tokens: BigInt64Array.of(1n, 10n, 2n, 20n, 3n, 30n),
        words: ['a', 'A', 'b', 'B', 'c', 'C'],
      },
    };
    expect(takeRows(batch, [2, 0, 2])).toEqual({
      rows: 3,
      columns: {
        weight: Float64Array.of(3, 1, 3),
        picture: Float32Array.of(3, 3.5, 1, 1.5, 3, 3.5),
        tokens: BigInt64Array.of(3n, 30n, 1n, 10n, 3n, 30n),
        words: ['c', 'C', 'a', 'A', 'c', 'C'],
      },
    });
    expect(takeRows(batch, []).columns.picture).toEqual(new Float32Array());
  });

  it('hold as many numbers as their sizes make', () => {
    expect([rowWidth({}), rowWidth({ sizes: [12] }), rowWidth({ sizes: [1, 24, 24] })]).toEqual([1, 12, 576]);
  });
});
