import { takeRows } from '@haat/kit';
import { productFacts } from '../contract/index.ts';
import { damageColumns, numericFeatures, stepModifiers, type NumericFeature } from './damage.features.ts';

const row = {
  product_id: 'p1',
  category: 'glass',
  weight_g: 2000,
  length_cm: 40,
  width_cm: 10,
  height_cm: 5,
  price_inr: 500,
  fragile: true,
  liquid: false,
  current_package: null,
  demand: 1,
};
const one = (change: Partial<typeof row>) => {
  const { columns } = damageColumns(productFacts([{ ...row, ...change }]));
  return (name: NumericFeature) => (columns[name] as Float32Array)[0]!;
};

describe('damageColumns', () => {
  it('is what the declarations say', () => {
    const value = one({});
    expect(value('log_weight')).toBeCloseTo(Math.log(2), 6);
    expect(value('log_longest')).toBeCloseTo(Math.log(40), 6);
    expect(value('log_thickness')).toBeCloseTo(Math.log(5), 6);
    expect(value('log_density')).toBeCloseTo(0, 6);
    expect(value('fragile_weight')).toBeCloseTo(Math.log(2), 6);
    expect(value('liquid_weight')).toBe(0);
    expect(value('flatness')).toBeCloseTo(1 - 5 / 20, 6);
    expect(value('heaviness')).toBeCloseTo(Math.log(40) / Math.log(400), 6);
  });

  it('does not depend on which side is called the length', () => {
    const straight = damageColumns(productFacts([row]));
    const turned = damageColumns(productFacts([{ ...row, length_cm: 5, width_cm: 40, height_cm: 10 }]));
    expect(turned).toEqual(straight);
  });

  it.each([
    { weight_g: 1e-3, length_cm: 1e-3, width_cm: 1e-3, height_cm: 1e-3, price_inr: 1e-3 },
    { weight_g: 1e6, length_cm: 1000, width_cm: 1000, height_cm: 1e-3, price_inr: 1e8 },
    { weight_g: 1e6, length_cm: 1e-3, width_cm: 1e-3, height_cm: 1e-3 },
  ])('is finite, and its modifiers in [0, 1], at the ends of the ranges: %p', (change) => {
    const value = one({ ...change, liquid: true });
    for (const name of Object.keys(numericFeatures) as NumericFeature[])
      expect(Number.isFinite(value(name))).toBe(true);
    for (const name of stepModifiers) expect(Math.abs(value(name) - 0.5)).toBeLessThanOrEqual(0.5);
  });

  it('reads a row by that row alone', () => {
    const rows = [row, { ...row, weight_g: 30, category: 'books' }, { ...row, fragile: false }];
    const together = damageColumns(productFacts(rows));
    rows.forEach((each, i) => expect(damageColumns(productFacts([each]))).toEqual(takeRows(together, [i])));
  });

  it('has no rows for no products', () => {
    expect(damageColumns(productFacts([])).columns.log_weight).toHaveLength(0);
  });
});
