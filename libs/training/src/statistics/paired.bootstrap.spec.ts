import { pairedBootstrap } from './paired.bootstrap.ts';
import { seededUniform } from './seeded.uniform.ts';

const losses = (loss: readonly number[], weight: readonly number[]) => ({
  metric: 'logLoss',
  loss: Float64Array.from(loss),
  weight: Float64Array.from(weight),
});

describe('pairedBootstrap', () => {
  it('gives the exact difference of means, and a point where all groups agree', () => {
    const candidate = losses([3, 6, 9], [1, 2, 3]);
    const champion = losses([2, 4, 6], [1, 2, 3]);
    const result = pairedBootstrap(candidate, champion, { seed: 1 });
    expect(result).toMatchObject({ candidate: 3, champion: 2, difference: 1, low: 1, high: 1 });
  });

  it('is the same for the same seed, and swaps sides with the models', () => {
    const uniform = seededUniform(5);
    const a = losses(Array.from({ length: 100 }, uniform), Array(100).fill(1));
    const b = losses(Array.from({ length: 100 }, uniform), Array(100).fill(1));
    const forth = pairedBootstrap(a, b, { seed: 9 });
    const back = pairedBootstrap(b, a, { seed: 9 });
    expect(pairedBootstrap(a, b, { seed: 9 })).toEqual(forth);
    expect(pairedBootstrap(a, b, { seed: 10 })).not.toEqual(forth);
    expect(back.difference).toBeCloseTo(-forth.difference, 14);
    expect(back.low).toBeCloseTo(-forth.high, 14);
  });

  it('has the width that theory gives: 1.96 standard errors to either side', () => {
    const uniform = seededUniform(2);
    const n = 400;
    const gap = Array.from({ length: n }, () => uniform() - 0.5);
    const { low, high, difference } = pairedBootstrap(
      losses(gap, Array(n).fill(1)),
      losses(Array(n).fill(0), Array(n).fill(1)),
      {
        seed: 4,
        draws: 4000,
      },
    );
    const error = Math.sqrt(1 / 12 / n);
    expect((high - low) / (2 * 1.96 * error)).toBeCloseTo(1, 1);
    expect(low).toBeLessThan(difference);
    expect(high).toBeGreaterThan(difference);
  });

  it('refuses models that were not measured on the same groups', () => {
    const a = losses([1, 2], [1, 1]);
    for (const other of [losses([1], [1]), losses([1, 2], [1, 2]), { ...a, metric: 'auc' }]) {
      expect(() => pairedBootstrap(a, other, { seed: 1 })).toThrow(expect.objectContaining({ code: 'NOT_COMPARABLE' }));
    }
  });
});
