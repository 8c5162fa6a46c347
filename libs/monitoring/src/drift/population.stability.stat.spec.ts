import { binnedSample, binOfRows, binsIn, binsOf, stabilityOf } from '../index.ts';

/** Uniform numbers in [0, 1): splitmix32. */
function seededUniform(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return ((z ^ (z >>> 15)) >>> 0) / 2 ** 32;
  };
}

type Draw = (uniform: () => number) => number;
const normal: Draw = (uniform) => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
const shapes: Record<string, Draw> = {
  'a continuous one': normal,
  'one that is mostly zero': (uniform) => (uniform() < 0.8 ? 0 : uniform()),
  'a rare flag': (uniform) => Number(uniform() < 0.03),
};

const draws = (rows: number, draw: Draw, uniform: () => number) =>
  Float64Array.from({ length: rows }, () => draw(uniform));

const stability = (before: readonly number[], after: readonly number[], alarm: number) =>
  stabilityOf({ counts: Float64Array.from(before) }, { counts: Float64Array.from(after) }, alarm);

/** The share of seeded days on which a feature, drawn anew each day beside a reference that is too, exceeds its threshold. */
function alarmShare(
  days: number,
  sizes: readonly [number, number],
  alarm: number,
  before: Draw,
  after = before,
): number {
  const uniform = seededUniform(days + sizes[0] + sizes[1]);
  let alarms = 0;
  for (let day = 0; day < days; day += 1) {
    const reference = draws(sizes[0], before, uniform);
    const bins = binsOf(reference, {});
    const counted = (column: Float64Array) => binnedSample(binOfRows(bins, column, {}), binsIn(bins));
    const { psi, threshold } = stabilityOf(counted(reference), counted(draws(sizes[1], after, uniform)), alarm);
    alarms += Number(threshold !== null && psi > threshold);
  }
  return alarms / days;
}

describe('the threshold of the population stability index', () => {
  const days = 600;
  const alarm = 0.05;
  /** Four standard errors of a share that is what it should be. */
  const margin = 4 * Math.sqrt((alarm * (1 - alarm)) / days);

  it.each(
    Object.entries(shapes).flatMap(([shape, draw]) =>
      (
        [
          [1_200, 400],
          [400, 400],
          [1_200, 120],
        ] as const
      ).map((sizes) => [shape, sizes, draw] as const),
    ),
  )('keeps to the false alarms that it was asked for: %s, of %j rows', (_shape, sizes, draw) => {
    expect(alarmShare(days, sizes, alarm, draw)).toBeLessThanOrEqual(alarm + margin);
  });

  it('does so because it is the null distribution, and not because it never speaks', () => {
    expect(alarmShare(days, [1_200, 400], alarm, normal)).toBeGreaterThanOrEqual(alarm - margin);
  });

  it.each([
    ['a shift of a third of a standard deviation', (uniform: () => number) => normal(uniform) + 0.34],
    ['a spread that is a third larger', (uniform: () => number) => 1.33 * normal(uniform)],
  ])('finds %s in 1,000 rows, at one false alarm in 30,000', (_what, after) => {
    expect(alarmShare(50, [3_000, 1_000], 1 / 30_000, normal, after)).toBeGreaterThan(0.9);
  });

  it('finds a flag that became five times as frequent, though the rule of thumb 0.2 would not', () => {
    const flag = (share: number) => (uniform: () => number) => Number(uniform() < share);
    expect(alarmShare(50, [3_000, 1_000], 1 / 30_000, flag(0.02), flag(0.1))).toBe(1);
    const rare = stability([2_940, 60], [900, 100], 1 / 30_000);
    expect(rare.psi).toBeLessThan(0.2);
    expect(rare.psi).toBeGreaterThan(rare.threshold!);
  });

  it('does not judge what is too little', () => {
    expect(stability([500, 500], [4, 5], 0.01)).toEqual({ psi: 0, threshold: null });
    expect(stability([1_000], [1_000], 0.01)).toEqual({ psi: 0, threshold: null });
    expect(stability([500, 500], [0, 0], 0.01)).toEqual({ psi: 0, threshold: null });
  });
});
