import type { PolicyOutcome } from '../contract/index.ts';
import { pairedDifference, seedMean, summarise } from './policy.summary.ts';

const outcome = (policy: string, seed: number, infected: number, quarantineDays: number): PolicyOutcome => ({
  policy,
  seed,
  infected,
  quarantineDays,
  tests: 5,
  positive: 1,
});
const outcomes = [
  outcome('a', 1, 0.5, 10),
  outcome('b', 1, 0.4, 30),
  outcome('a', 2, 0.9, 20),
  outcome('b', 2, 0.8, 40),
  outcome('a', 3, 0.1, 30),
  outcome('b', 3, 0, 50),
  outcome('c', 3, 0.3, 0),
];

describe('means over seeds', () => {
  it.each([
    [2, 12.7062],
    [3, 4.30265],
    [4, 3.18245],
    [6, 2.57058],
    [11, 2.22814],
    [51, 2.00856],
  ])('of %d values have the interval of Student, t = %d', (n, t) => {
    const values = Array.from({ length: n }, (_, k) => k);
    const variance = (n * (n + 1)) / 12;
    const { mean, halfWidth } = seedMean(values);
    expect(mean).toBeCloseTo((n - 1) / 2, 12);
    expect(Math.abs(halfWidth / Math.sqrt(variance / n) / t - 1)).toBeLessThan(0.004);
  });

  it('say that nothing is known of the spread of one', () => {
    expect(seedMean([3])).toEqual({ mean: 3, halfWidth: Infinity });
  });

  it('are given for each policy', () => {
    const [a, b, c] = summarise(outcomes);
    expect(a).toMatchObject({
      policy: 'a',
      seeds: 3,
      infected: { mean: expect.closeTo(0.5) },
      quarantineDays: { mean: 20 },
    });
    expect(b).toMatchObject({ policy: 'b', quarantineDays: { mean: 40 }, tests: { mean: 5, halfWidth: 0 } });
    expect(c).toMatchObject({ policy: 'c', seeds: 1 });
  });

  it('of differences are taken on the same seeds, and so are sharp where worlds differ', () => {
    const { infected, quarantineDays } = pairedDifference(outcomes, 'b', 'a');
    expect(infected.mean).toBeCloseTo(-0.1, 12);
    expect(infected.halfWidth).toBeLessThan(1e-12);
    expect(quarantineDays).toEqual({ mean: 20, halfWidth: 0 });
    expect(pairedDifference(outcomes, 'c', 'b').quarantineDays.mean).toBe(-50);
  });
});
