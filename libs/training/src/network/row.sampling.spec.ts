import { batchPlan } from './batch.plan.ts';
import { classBalanced, inOrder, shuffled } from './row.sampling.ts';
import { shuffledOrder } from './shuffled.order.ts';

const places = (count: number) => Array.from({ length: count }, (_, i) => i);
const epochOf = (sampling: (epoch: number) => (place: number) => number, epoch: number, count: number) =>
  places(count).map(sampling(epoch));
const counts = (values: readonly number[]) => {
  const seen = new Map<number, number>();
  for (const value of values) seen.set(value, (seen.get(value) ?? 0) + 1);
  return seen;
};

describe('a shuffled order', () => {
  it('is a permutation, for any number of rows', () => {
    for (const rows of [...places(70).map((i) => i + 1), 255, 256, 257, 1_000, 65_537]) {
      const order = places(rows).map(shuffledOrder(rows, 11));
      expect(new Set(order).size).toBe(rows);
      expect(Math.min(...order.slice(0, 50))).toBeGreaterThanOrEqual(0);
      expect(order.every((row) => row < rows)).toBe(true);
    }
  });

  it('is the same for a seed and another for the next, and keeps nothing in its place', () => {
    const [one, again, other] = [7, 7, 8].map((seed) => places(1_000).map(shuffledOrder(1_000, seed)));
    expect(again).toEqual(one);
    const same = places(1_000).filter((i) => one![i] === other![i]).length;
    const fixed = places(1_000).filter((i) => one![i] === i).length;
    // Each has mean 1 and deviation 1.
    expect([same, fixed].every((count) => count <= 6)).toBe(true);
  });

  it('puts every row into every tenth equally often, and neighbours nowhere near each other', () => {
    const tenths = new Map<string, number>();
    let neighbours = 0;
    for (let seed = 0; seed < 2_000; seed++) {
      const order = places(30).map(shuffledOrder(30, seed));
      order.forEach((row, place) => {
        const cell = `${row} ${Math.floor(place / 3)}`;
        tenths.set(cell, (tenths.get(cell) ?? 0) + 1);
        if (place > 0 && Math.abs(row - order[place - 1]!) === 1) neighbours++;
      });
    }
    // 300 cells of mean 200 and deviation 13.4; 2,000 orders with 29 pairs of which 2/30 are neighbours.
    expect(tenths.size).toBe(300);
    expect([...tenths.values()].every((count) => Math.abs(count - 200) < 70)).toBe(true);
    expect(Math.abs(neighbours / (2_000 * 29) - 2 / 30)).toBeLessThan(0.006);
  });
});

describe('sampling', () => {
  it('gives every row once an epoch, each epoch in another order', () => {
    const [first, second] = [0, 1].map((epoch) => epochOf(shuffled(100, 3), epoch, 100));
    expect(first!.toSorted((a, b) => a - b)).toEqual(places(100));
    expect(second!.toSorted((a, b) => a - b)).toEqual(places(100));
    expect(second).not.toEqual(first);
    expect(epochOf(inOrder, 4, 3)).toEqual([0, 1, 2]);
  });

  it('gives classes equally often, and within a class every row as often as any other', () => {
    // Class 7 has 90 of 100 rows, class 2 has 8 and class 4 has 2.
    const labels = places(100).map((row) => (row < 2 ? 4 : row < 10 ? 2 : 7));
    const sampling = classBalanced(labels, 5);
    const epochs = places(12).map((epoch) => epochOf(sampling, epoch, 100));
    for (const rows of epochs) {
      const drawn = counts(rows.map((row) => labels[row]!));
      expect([...drawn.keys()].sort()).toEqual([2, 4, 7]);
      expect([...drawn.values()].every((count) => count === 33 || count === 34)).toBe(true);
    }
    const uses = counts(epochs.flat());
    const spread = (label: number) => {
      const of = places(100).flatMap((row) => (labels[row] === label ? [uses.get(row) ?? 0] : []));
      return Math.max(...of) - Math.min(...of);
    };
    // An epoch may leave out one of the 34 turns of a class.
    expect([2, 4, 7].map(spread).every((difference) => difference <= 12)).toBe(true);
    expect(Math.min(...places(100).map((row) => uses.get(row) ?? 0))).toBeGreaterThan(0);
    expect(epochOf(classBalanced(labels, 5), 7, 100)).toEqual(epochs[7]);
  });
});

describe('a plan of batches', () => {
  const sizes = (lastBatch: 'keep' | 'drop', rows: number, batch: number) => {
    const plan = batchPlan({ rows, batch, lastBatch }, inOrder, 1);
    return places(2 * plan.stepsPerEpoch).map((step) => plan.orderOf(step).rows.length);
  };

  it('keeps or drops what is left of an epoch', () => {
    expect(sizes('keep', 10, 4)).toEqual([4, 4, 2, 4, 4, 2]);
    expect(sizes('drop', 10, 4)).toEqual([4, 4, 4, 4]);
    expect(sizes('keep', 3, 4)).toEqual([3, 3]);
  });

  it('is a function of the step alone', () => {
    const fresh = () => batchPlan({ rows: 50, batch: 8, lastBatch: 'keep' }, shuffled(50, 2), 1);
    const plan = fresh();
    const straight = places(30).map((step) => plan.orderOf(step));
    for (const step of [29, 3, 17, 0]) expect(fresh().orderOf(step)).toEqual(straight[step]);
    expect(plan.orderOf(6)).toEqual(straight[6]);
    expect(straight.map(({ epoch }) => epoch).slice(5, 9)).toEqual([0, 0, 1, 1]);
  });

  it.each([
    [{ rows: 0, batch: 4, lastBatch: 'keep' }, 'EMPTY_BATCH'],
    [{ rows: 4, batch: 0, lastBatch: 'keep' }, 'EMPTY_BATCH'],
    [{ rows: NaN, batch: 4, lastBatch: 'keep' }, 'EMPTY_BATCH'],
    [{ rows: 3, batch: 4, lastBatch: 'drop' }, 'INVALID_FIT'],
  ] as const)('refuses %j', (sizes, code) => {
    expect(() => batchPlan(sizes, inOrder, 1)).toThrow(expect.objectContaining({ code }));
  });
});
