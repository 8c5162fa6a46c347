import { damageColumns } from '../features/index.ts';
import { encodeProducts, traitFacts, traitsAt } from './damage.encode.ts';

const traits = {
  category: 'glass',
  weight_g: 450,
  length_cm: 20,
  width_cm: 10,
  height_cm: 5,
  price_inr: 799,
  fragile: true,
  liquid: false,
};

describe('encodeProducts', () => {
  it('is the columns of the facts, in the order of the inputs', () => {
    const rows = [traits, { ...traits, category: 'books', weight_g: 90, liquid: true }];
    expect(encodeProducts(rows)).toEqual(damageColumns(traitFacts(rows)));
    rows.forEach((row, i) => expect(traitsAt(traitFacts(rows), i)).toEqual(row));
  });

  it('refuses a row that is no product, and makes up no zero', () => {
    expect(() => encodeProducts([traits, { ...traits, height_cm: null }])).toThrow(
      expect.objectContaining({
        code: 'INVALID_PRODUCT',
        details: { field: 'height_cm', expected: 'a finite number', got: 'null' },
      }),
    );
  });
});
