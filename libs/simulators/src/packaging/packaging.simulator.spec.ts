import { packageTypes } from './packaging.constants.ts';
import { simulatePackaging } from './packaging.simulator.ts';
import type { KnownProduct } from './packaging.world.ts';

const real: readonly KnownProduct[] = [
  { product_id: 'a', category: 'perfumaria', weight_g: 225, length_cm: 16, width_cm: 14, height_cm: 10 },
  {
    product_id: 'b',
    weight_g: 1000,
    length_cm: 30,
    width_cm: 20,
    height_cm: 18,
    price_inr: 499,
    fragile: true,
    liquid: true,
    current_package: 'carton',
    demand: 90,
  },
  { product_id: 'heavy', category: '', weight_g: 61_000, length_cm: 90, width_cm: 60, height_cm: 50, fragile: false },
];

describe('simulatePackaging', () => {
  it('gives the same world to the same seed and another to another', () => {
    const world = (seed: number) => simulatePackaging({ seed, products: 300 });
    expect(world(5)).toEqual(world(5));
    expect(world(5).counts).not.toEqual(world(6).counts);
  });

  it('gives a product that does not depend on how many follow it', () => {
    const few = simulatePackaging({ seed: 5, products: 10 });
    const many = simulatePackaging({ seed: 5, products: 20 });
    expect(many.truth.probability.slice(0, few.truth.probability.length)).toEqual(few.truth.probability);
    expect(many.products.price_inr.slice(0, 10)).toEqual(few.products.price_inr);
    expect(many.counts.shipments.slice(0, few.counts.rows)).toEqual(few.counts.shipments);
  });

  it('keeps what is known of real products and makes up the rest', () => {
    const { products } = simulatePackaging({ seed: 5, products: real });
    expect(products.product_id).toEqual(['a', 'b', 'heavy']);
    expect(products.category).toEqual(['perfumaria', 'unknown', 'unknown']);
    expect(Array.from(products.weight_g)).toEqual([225, 1000, 61_000]);
    expect(products.price_inr[1]).toBe(499);
    expect([products.fragile[1], products.liquid[1], products.demand[1]]).toEqual([1, 1, 90]);
    expect(products.current_package[1]).toBe('carton');
    expect(products.price_inr[0]).toBeGreaterThan(0);
    expect(packageTypes.map(({ code }) => code)).toContain(products.current_package[0]);
    expect(products.fragile[2]).toBe(0);
  });

  it('ships a known demand over the days of the history', () => {
    const { counts } = simulatePackaging({ seed: 5, products: real, days: 60 });
    const shipped = counts.shipments.reduce((sum, n, row) => sum + (counts.product[row] === 1 ? n : 0), 0);
    expect(shipped).toBe(180);
    expect(Math.max(...counts.day)).toBeLessThan(60);
  });

  it('never ships a product that no package takes', () => {
    const { counts, products, truth } = simulatePackaging({ seed: 5, products: real });
    expect(products.current_package[2]).toBeNull();
    expect(Array.from(counts.product)).not.toContain(2);
    expect(Array.from(truth.randomlyPacked.product)).not.toContain(2);
  });

  it('ships in packages that take the product, in order of product, package and day, damages within shipments', () => {
    const { counts, products } = simulatePackaging({ seed: 9, products: 500 });
    let last = -1;
    for (let row = 0; row < counts.rows; row++) {
      const product = counts.product[row]!;
      const type = packageTypes[counts.package[row]!]!;
      expect(products.weight_g[product]! / 1000).toBeLessThanOrEqual(type.max_kg);
      expect(counts.damages[row]!).toBeLessThanOrEqual(counts.shipments[row]!);
      const key = (product * packageTypes.length + counts.package[row]!) * 90 + counts.day[row]!;
      expect(key).toBeGreaterThan(last);
      last = key;
    }
  });

  it.each([
    ['seed', { seed: -1 }],
    ['seed', { seed: 1.5 }],
    ['products', { seed: 1, products: 0 }],
    ['days', { seed: 1, days: 0 }],
    ['firstDay', { seed: 1, firstDay: '2025-02-30' }],
    ['firstDay', { seed: 1, firstDay: 'soon' }],
    ['weight_g', { seed: 1, products: [{ ...real[0]!, weight_g: Number.NaN }] }],
    ['height_cm', { seed: 1, products: [{ ...real[0]!, height_cm: 0 }] }],
    ['demand', { seed: 1, products: [{ ...real[0]!, demand: -1 }] }],
    ['current_package', { seed: 1, products: [{ ...real[0]!, current_package: 'sack' }] }],
  ])('refuses %s out of range and names it', (field, options) => {
    expect(() => simulatePackaging(options)).toThrow(
      expect.objectContaining({ code: 'INVALID_WORLD', details: expect.objectContaining({ field }) }),
    );
  });
});
