import {
  defaultTariff,
  packageCatalogue,
  parsePackageType,
  parseProductRow,
  parseProductTraits,
  parseShipmentCount,
  parseTariff,
} from './index.ts';

const product = {
  product_id: 'p9',
  category: 'glass',
  weight_g: 450,
  length_cm: 20,
  width_cm: 10,
  height_cm: 5,
  price_inr: 799,
  fragile: true,
  liquid: false,
  current_package: 'carton',
  demand: 12,
};
const without = (field: keyof typeof product) =>
  Object.fromEntries(Object.entries(product).filter(([k]) => k !== field));
const numbers = ['weight_g', 'length_cm', 'width_cm', 'height_cm', 'price_inr', 'demand'] as const;

describe('parseProductRow', () => {
  it('says of a row that is none what it expected', () => {
    expect(() => parseProductRow(42)).toThrow('field row: expected an object, got 42');
    expect(() => parseProductRow({ ...product, fragile: 'yes' })).toThrow('field fragile: expected a boolean');
  });

  it('keeps a good row as it is', () => {
    expect(parseProductRow(product)).toEqual(product);
  });

  it.each(numbers)('refuses a %s that is missing, null, NaN, "NaN", infinite, text or negative', (field) => {
    const wrong: [unknown, string][] = [
      [undefined, 'nothing'],
      [null, 'null'],
      [NaN, 'NaN'],
      ['NaN', '"NaN"'],
      ['', '""'],
      [Infinity, 'Infinity'],
      [-Infinity, '-Infinity'],
      [-1, '-1'],
      ['12', '"12"'],
      [true, 'true'],
      [[], '[]'],
    ];
    for (const [value, got] of wrong) {
      expect(() => parseProductRow({ ...product, [field]: value })).toThrow(
        expect.objectContaining({ code: 'INVALID_PRODUCT', details: { field, expected: expect.any(String), got } }),
      );
    }
    expect(() => parseProductRow(without(field))).toThrow(expect.objectContaining({ code: 'INVALID_PRODUCT' }));
  });

  it.each([
    ['weight_g', 0.09, 'a number of at least 0.1'],
    ['weight_g', 1_000_001, 'a number of at most 1000000'],
    ['height_cm', 1e-300, 'a number of at least 0.01'],
    ['length_cm', 1000.1, 'a number of at most 1000'],
    ['price_inr', 0.009, 'a number of at least 0.01'],
    ['demand', -0.1, 'a number of at least 0'],
  ])('says what was expected of %s when it is %s', (field, got, expected) => {
    expect(() => parseProductRow({ ...product, [field]: got })).toThrow(
      `Product "p9": field ${field}: expected ${expected}, got ${got}`,
    );
  });

  it.each([
    ['product_id', 'p\u0000'],
    ['product_id', 'p\n1'],
    ['current_package', 'bag\u001b'],
    ['category', 'toys\u0000'],
    ['category', '\u0085toys\u009f'],
  ])('refuses control characters in a %s: %j', (field, got) => {
    expect(() => parseProductRow({ ...product, [field]: got })).toThrow(
      expect.objectContaining({
        code: 'INVALID_PRODUCT',
        details: { field, expected: 'text without control characters', got: JSON.stringify(got) },
      }),
    );
  });

  it('keeps line breaks and tabs of a category, which is for people to read', () => {
    expect(parseProductRow({ ...product, category: 'fine\r\n\tglass' }).category).toBe('fine\r\n\tglass');
  });

  it.each([
    ['fragile', undefined],
    ['fragile', null],
    ['liquid', 'yes'],
    ['liquid', 2],
  ])('refuses a flag %s of %s, never reading it as false', (field, value) => {
    expect(() => parseProductRow({ ...product, [field]: value })).toThrow(
      expect.objectContaining({ code: 'INVALID_PRODUCT', details: expect.objectContaining({ field }) }),
    );
  });

  it('reads 0 and 1 as flags', () => {
    expect(parseProductRow({ ...product, fragile: 0, liquid: 1 })).toMatchObject({ fragile: false, liquid: true });
  });

  it.each([undefined, null, '', '  '])('keeps a product whose category is %p as unknown', (category) => {
    expect(parseProductRow({ ...product, category }).category).toBe('unknown');
  });

  it('keeps a category that nobody has seen before, and a missing package', () => {
    expect(parseProductRow({ ...without('current_package'), category: 'कांच' })).toMatchObject({
      category: 'कांच',
      current_package: null,
    });
  });

  it.each([[null], ['p9'], [[]], [undefined], [7]])('refuses %p as a row', (raw) => {
    expect(() => parseProductRow(raw, 'products.jsonl, line 3')).toThrow(
      /^products\.jsonl, line 3: field row: expected/,
    );
  });

  it('needs an id, which a request for probabilities does not', () => {
    expect(() => parseProductRow(without('product_id'))).toThrow(expect.objectContaining({ code: 'INVALID_PRODUCT' }));
    const { product_id: _id, current_package: _code, demand: _demand, ...traits } = product;
    expect(parseProductTraits(traits)).toEqual(traits);
  });
});

describe('parseShipmentCount', () => {
  const row = { product_id: 'p9', package: 'carton', day: '2025-02-28', shipments: 10, damages: 2 };

  it('keeps a good row', () => expect(parseShipmentCount(row)).toEqual(row));

  it.each([
    ['shipments', { shipments: -1 }],
    ['damages', { damages: -1 }],
    ['shipments', { shipments: 1.5 }],
    ['damages', { damages: NaN }],
    ['damages', { damages: 11 }],
    ['day', { day: '2025-02-30' }],
    ['day', { day: '28/02/2025' }],
    ['package', { package: '' }],
    ['package', { package: 'bag\u0000' }],
    ['product_id', { product_id: 'p\u0000' }],
  ])('refuses a wrong %s: %p', (field, change) => {
    expect(() => parseShipmentCount({ ...row, ...change })).toThrow(
      expect.objectContaining({ code: 'INVALID_COUNTS', details: expect.objectContaining({ field }) }),
    );
  });

  it('says what a day is', () => {
    expect(() => parseShipmentCount({ ...row, day: '2025-02-30' })).toThrow(
      'field day: expected a day of the calendar, YYYY-MM-DD, got "2025-02-30"',
    );
  });

  it('says how many shipments the damages exceed', () => {
    expect(() => parseShipmentCount({ ...row, damages: 11 }, 'counts.csv, line 4')).toThrow(
      'counts.csv, line 4: field damages: expected at most the shipments of the row (10), got 11',
    );
  });
});

describe('packageCatalogue', () => {
  const type = {
    code: 'bag',
    name: 'Bag',
    material_inr: 2,
    added_cm: 1,
    tare_kg: 0.1,
    max_kg: 3,
    max_thickness_cm: null,
  };

  it('keeps the order it is given', () => {
    const types = [type, { ...type, code: 'box' }].map((each) => parsePackageType(each));
    expect(packageCatalogue(types, parseTariff(defaultTariff))).toEqual({ types, tariff: defaultTariff });
  });

  it.each([
    ['no types', []],
    ['one type', [type]],
    ['a code twice', [type, type]],
  ])('refuses %s', (_, types) => {
    expect(() => packageCatalogue(types, defaultTariff)).toThrow(
      expect.objectContaining({ code: 'INVALID_CATALOGUE' }),
    );
  });

  it('refuses limits and prices that cannot be', () => {
    expect(() => parsePackageType({ ...type, max_kg: 0 })).toThrow(
      expect.objectContaining({ code: 'INVALID_CATALOGUE' }),
    );
    expect(() => parseTariff({ ...defaultTariff, write_off_share: 1.5 })).toThrow('write_off_share');
  });
});
