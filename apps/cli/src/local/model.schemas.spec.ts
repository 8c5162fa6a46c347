import { modelSchemas } from './model.schemas.ts';

const { files } = await modelSchemas('packaging/damage');

describe('modelSchemas', () => {
  it('says that the order of package types is the order of protection', () => {
    expect(files['package-types']).toMatchObject({ description: expect.stringContaining('order of protection') });
  });

  it('says from which weights, sides and prices on a product is one', () => {
    expect(files['products']).toMatchObject({
      properties: { weight_g: { minimum: 0.1, unit: 'g' }, length_cm: { minimum: 0.01 }, price_inr: { minimum: 0.01 } },
    });
  });
});
