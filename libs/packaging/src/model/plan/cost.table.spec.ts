import { productFacts, type PackageCatalogue, type ProductRow } from '../../contract/index.ts';
import { costTable, currentAssignment, infeasibleRows, totalsOf } from './cost.table.ts';

const catalogue: PackageCatalogue = {
  types: [
    { code: 'bag', name: 'Bag', material_inr: 2, added_cm: 0, tare_kg: 0, max_kg: 3, max_thickness_cm: 5 },
    { code: 'box', name: 'Box', material_inr: 10, added_cm: 2, tare_kg: 0.1, max_kg: 20, max_thickness_cm: null },
  ],
  tariff: {
    material_volume_share: 0.5,
    material_volume_scale_cm3: 1000,
    freight_inr_per_half_kg: 14,
    volumetric_cm3_per_kg: 5000,
    write_off_share: 0.75,
    damage_fixed_inr: 90,
  },
};

const row = (change: Partial<ProductRow>): ProductRow => ({
  product_id: 'p',
  category: 'books',
  weight_g: 950,
  length_cm: 20,
  width_cm: 10,
  height_cm: 5,
  price_inr: 400,
  fragile: false,
  liquid: false,
  current_package: 'bag',
  demand: 3,
  ...change,
});

describe('costTable', () => {
  it('is demand times material and freight, and demand times probability times the cost of a damaged unit', () => {
    const { shipping, damage, feasible } = costTable(
      productFacts([row({})]),
      catalogue,
      Float64Array.from([0.1, 0.02]),
    );
    // 20 x 10 x 5 cm, 0.95 kg: dead weight rules, two half kilograms.
    expect(shipping[0]).toBeCloseTo(3 * (2 * (1 + 0.5 * Math.log(2)) + 14 * 2), 10);
    // 22 x 12 x 7 cm = 1,848 cm3, 1.05 kg packed: three half kilograms.
    expect(shipping[1]).toBeCloseTo(3 * (10 * (1 + 0.5 * Math.log(2.848)) + 14 * 3), 10);
    expect(damage[0]).toBeCloseTo(3 * 0.1 * (0.75 * 400 + 90), 10);
    expect(damage[1]).toBeCloseTo(3 * 0.02 * 390, 10);
    expect(Array.from(feasible)).toEqual([1, 1]);
  });

  it('charges the volumetric weight where it is larger', () => {
    const light = costTable(
      productFacts([row({ weight_g: 100, height_cm: 40, demand: 1 })]),
      catalogue,
      new Float64Array(2),
    );
    expect(light.shipping[0]).toBeCloseTo(2 * (1 + 0.5 * Math.log(9)) + 14 * 4, 10);
  });

  it('lets a package take a product by weight and by its smallest side, whichever side that is', () => {
    const facts = productFacts([
      row({ weight_g: 3000 }),
      row({ weight_g: 3001 }),
      row({ length_cm: 5, height_cm: 20 }),
      row({ height_cm: 5.1 }),
      row({ weight_g: 20_001 }),
    ]);
    const table = costTable(facts, catalogue, new Float64Array(10));
    expect(Array.from(table.feasible)).toEqual([1, 1, 0, 1, 1, 1, 0, 1, 0, 0]);
    expect(Array.from(infeasibleRows(table))).toEqual([4]);
  });

  it('refuses probabilities of another shape', () => {
    expect(() => costTable(productFacts([row({})]), catalogue, new Float64Array(3))).toThrow('expected 1 x 2');
  });
});

describe('currentAssignment', () => {
  it('is the recorded package; least total cost where there is none that the product can have', () => {
    const facts = productFacts([
      row({ current_package: 'box' }),
      row({ current_package: null }),
      row({ current_package: 'crate' }),
      row({ current_package: 'bag', height_cm: 9 }),
    ]);
    const table = costTable(facts, catalogue, new Float64Array(8));
    const { assignment, assumed } = currentAssignment(facts, catalogue, table);
    expect(Array.from(assignment)).toEqual([1, 0, 0, 1]);
    expect(assumed).toBe(3);
    const totals = totalsOf(table, assignment);
    expect(totals.shipping).toBeCloseTo(
      table.shipping[1]! + table.shipping[2]! + table.shipping[4]! + table.shipping[7]!,
      9,
    );
    expect(totals.damage).toBe(0);
  });
});
