import { packageTypeSchema, productRowSchema, shipmentCountSchema, tariffSchema } from '@haat/packaging/contract';
import { damageModel } from '@haat/packaging/model';
import { z } from 'zod';

import type { ModelShapes } from '../domain.tools.ts';

/** A line of `haat plan --changes`. */
const changeLine = z.object({
  product_id: z.string(),
  from: z.string().nullable().describe("Today's package; null: none is recorded that takes the product"),
  to: z.string(),
  shipping_change_inr: z.number().describe('INR a month; negative is less than today'),
  damage_change_inr: z.number().describe('INR a month; negative is less than today'),
  saving_inr: z.number().describe('INR a month: less shipping and less damage together'),
});

export const damageShapes: ModelShapes = {
  files: {
    products: productRowSchema,
    'package-types': packageTypeSchema,
    counts: shipmentCountSchema,
    tariff: tariffSchema,
  },
  input: damageModel.input.shape,
  output: {
    packages: z.array(z.string()).describe('Codes of the package types, the least protective first, [K]'),
    probability: z
      .array(z.number().min(0).max(1))
      .describe('Probability that one shipment arrives damaged in each of them, never increasing, [K]'),
  },
  others: { changes: changeLine },
};
