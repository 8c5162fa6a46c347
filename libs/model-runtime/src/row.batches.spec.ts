import { joinRows, rowsOf } from './row.batches.ts';

const batch = {
  rows: 4,
  columns: {
    weight: Float64Array.of(1, 2, 3, 4),
    picture: Float32Array.of(1, 10, 2, 20, 3, 30, 4, 40),
    words: ['a', 'A', 'b', 'B', 'c', 'C', 'd', 'D'],
  },
};

describe('a batch whose columns have several elements a row', () => {
  it('is cut between rows', () => {
    expect(rowsOf(batch, 1, 2)).toEqual({
      rows: 2,
      columns: {
        weight: Float64Array.of(2, 3),
        picture: Float32Array.of(2, 20, 3, 30),
        words: ['b', 'B', 'c', 'C'],
      },
    });
  });

  it('is whole again when its parts are joined', () => {
    expect(joinRows([rowsOf(batch, 0, 1), rowsOf(batch, 1, 2), rowsOf(batch, 3, 1)])).toEqual(batch);
  });
});
