import type { Column, FeatureSpec } from '@haat/kit';
import { binLabels, binnedSample, binOfRows, binsIn, binsOf, profileOf, type Bins } from '../index.ts';

const features: Record<string, FeatureSpec> = {
  weight: { dtype: 'float32', unit: 'kg', doc: '' },
  category: { dtype: 'string', unit: '', doc: '', missing: 'unknown' },
};
const batch = (rows: number, shift = 0, missing = 0) => ({
  rows,
  columns: {
    weight: Float32Array.from({ length: rows }, (_, i) => (i < missing ? NaN : ((i * 7919) % rows) / rows + shift)),
    category: Array.from({ length: rows }, (_, i) => (i % 100 < missing ? 'unknown' : `c${i % 4}`)),
  },
});

/** How many values of a column fall into each bin, and how many are missing. */
function countsOf(bins: Bins, column: Column, spec: Pick<FeatureSpec, 'missing'>) {
  const binOf = binOfRows(bins, column, spec);
  return { present: binnedSample(binOf, binsIn(bins)).counts, missing: binOf.filter((bin) => bin < 0).length };
}

describe('bins', () => {
  it('hold every value once, whatever the ties, and what is missing apart', () => {
    for (const values of [[], [5], [1, 1, 1], [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9], [3, 1, 2, NaN, Infinity]]) {
      const column = Float64Array.from(values);
      const bins = binsOf(column, {});
      const { present, missing } = countsOf(bins, column, {});
      expect(present.reduce((a, b) => a + b, missing)).toBe(values.length);
      expect(missing).toBe(values.filter((value) => !Number.isFinite(value)).length);
      expect(binLabels(bins)).toHaveLength(present.length);
    }
  });

  it('are tenths of a continuous reference, closed above', () => {
    const column = Float64Array.from({ length: 1_000 }, (_, i) => (i * 7) % 1_000);
    const bins = binsOf(column, {});
    expect(countsOf(bins, column, {}).present.every((count) => Math.abs(count - 100) <= 1)).toBe(true);
    const { present } = countsOf(bins, Float64Array.of(-5, 99, 99.5, 5_000), {});
    expect([...present]).toEqual([2, 1, 0, 0, 0, 0, 0, 0, 0, 1]);
  });

  it('are the most frequent texts and the others', () => {
    const texts = Array.from({ length: 12 }, (_, i) => Array.from({ length: 20 - i }, () => `t${i}`)).flat();
    const bins = binsOf([...texts, 'unknown'], { missing: 'unknown' });
    expect(binLabels(bins)).toEqual(['t0', 't1', 't2', 't3', 't4', 't5', 't6', 't7', 't8', 'other']);
    const { present, missing } = countsOf(bins, ['t0', 't9', 'new', 'unknown'], { missing: 'unknown' });
    expect([...present]).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 0, 2]);
    expect(missing).toBe(1);
  });
});

describe('profileOf', () => {
  it('raises nothing for a day like the reference, whatever its order', () => {
    const day = profileOf(features, batch(2_000), batch(1_000), 0.001);
    expect(day.map(({ feature, drifted }) => [feature, drifted])).toEqual([
      ['weight', false],
      ['category', false],
    ]);
  });

  it('names the feature that moved, and only that', () => {
    const moved = { ...batch(1_000), columns: { ...batch(1_000).columns, weight: batch(1_000, 0.2).columns.weight } };
    const day = profileOf(features, batch(2_000), moved, 0.001);
    expect(day.filter(({ drifted }) => drifted).map(({ feature }) => feature)).toEqual(['weight']);
    expect(day[0]!.psi).toBeGreaterThan(day[0]!.threshold!);
    expect(day[0]!.bins.served[0]).toBeLessThan(day[0]!.bins.reference[0]!);
  });

  it('names what began to be missing, though its values are as they were', () => {
    const [, category] = profileOf(features, batch(2_000), batch(1_000, 0, 8), 0.001);
    expect(category).toMatchObject({ drifted: true, missingShare: 0.08, referenceMissingShare: 0 });
    expect(category!.psi).toBeLessThan(category!.threshold!);
  });
});
