import { RandomStream } from './random.stream.ts';

const DRAWS = 200_000;

function moments(draw: () => number) {
  let sum = 0;
  let squares = 0;
  for (let k = 0; k < DRAWS; k++) {
    const x = draw();
    sum += x;
    squares += x * x;
  }
  const mean = sum / DRAWS;
  return { mean, variance: squares / DRAWS - mean * mean };
}

describe('RandomStream', () => {
  it('is uniform: chi-square of 64 bins within its 1e-6 tails', () => {
    const stream = new RandomStream(7, 1, 0);
    const bins = new Float64Array(64);
    for (let k = 0; k < DRAWS; k++) bins[Math.floor(stream.uniform() * 64)]! += 1;
    const expected = DRAWS / 64;
    const chiSquare = bins.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    expect(chiSquare).toBeGreaterThan(21);
    expect(chiSquare).toBeLessThan(130);
  });

  it('is normal: mean, variance and tail within five standard errors', () => {
    const stream = new RandomStream(7, 2, 0);
    let tail = 0;
    const { mean, variance } = moments(() => {
      const x = stream.normal();
      if (x > 1.959964) tail++;
      return x;
    });
    expect(Math.abs(mean)).toBeLessThan(5 / Math.sqrt(DRAWS));
    expect(Math.abs(variance - 1)).toBeLessThan(5 * Math.sqrt(2 / DRAWS));
    expect(Math.abs(tail / DRAWS - 0.025)).toBeLessThan(5 * Math.sqrt((0.025 * 0.975) / DRAWS));
  });

  it.each([
    [1, 0.3],
    [20, 0.03],
    [20, 0.97],
    [7, 0.5],
  ])('binomial(%d, %d) has the exact probabilities', (trials, p) => {
    const stream = new RandomStream(7, 3, trials);
    const seen = new Float64Array(trials + 1);
    for (let k = 0; k < DRAWS; k++) seen[stream.binomial(trials, p)]! += 1;
    let exact = (1 - p) ** trials;
    for (let successes = 0; successes <= trials; successes++) {
      const error = Math.abs(seen[successes]! / DRAWS - exact);
      expect(error).toBeLessThanOrEqual(6 * Math.sqrt((exact * (1 - exact)) / DRAWS) + 2 / DRAWS);
      exact *= ((trials - successes) / (successes + 1)) * (p / (1 - p));
    }
  });

  it('gives the same draws to the same seed, purpose and index, and others to any other', () => {
    const first = (seed: number, purpose: number, index: number) => new RandomStream(seed, purpose, index).uniform();
    expect(first(1, 2, 3)).toBe(first(1, 2, 3));
    const all = [first(1, 2, 3), first(2, 2, 3), first(1, 3, 3), first(1, 2, 4), first(1 + 2 ** 32, 2, 3)];
    expect(new Set(all).size).toBe(all.length);
  });

  it.each([
    [0, 0],
    [1, 1],
  ])('binomial with p = %d is certain', (p, share) => {
    expect(new RandomStream(1, 1, 1).binomial(50, p)).toBe(50 * share);
  });
});
