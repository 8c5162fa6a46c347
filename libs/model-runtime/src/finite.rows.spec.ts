import type { Batch } from '@haat/kit';
import { requireFinite } from './finite.answers.ts';
import { runFinite } from './finite.rows.ts';

/** Answers [n, 2]: x and its logarithm, which some x have not. */
function logarithms() {
  const asked: number[] = [];
  return {
    asked,
    run: async ({ rows, columns }: Batch) => {
      asked.push(rows);
      const x = columns['x'] as Float64Array;
      return requireFinite('delivery/log', { y: Float64Array.from(x).map((one) => Math.log(one)) }, rows);
    },
  };
}
const batch = (...x: number[]): Batch => ({ rows: x.length, columns: { x: Float64Array.from(x) } });

it.each([
  ['one run where all rows have an answer', [1, 1], [0, 0], [2]],
  ['a second run without the rows that have none', [1, 0, NaN, 1], [0, NaN, NaN, 0], [4, 2]],
  ['no second run where no row has one', [0, 0], [NaN, NaN], [2]],
])('takes %s', async (_, x, y, asked) => {
  const graph = logarithms();
  expect(await runFinite(graph, batch(...x))).toEqual({ y: Float64Array.from(y) });
  expect(graph.asked).toEqual(asked);
});

it('lets other failures through', async () => {
  await expect(runFinite({ run: () => Promise.reject(new Error('broken')) }, batch(1))).rejects.toThrow('broken');
});
