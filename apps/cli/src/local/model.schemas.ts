import type { JsonSchema } from '@haat/kit';
import { packageTypeSchema, productRowSchema, shipmentCountSchema, tariffSchema } from '@haat/packaging/contract';
import { damageModel } from '@haat/packaging/model';
import { z } from 'zod';

import { requireLocalModel } from './local.model.ts';

const id = z.union([z.string(), z.number(), z.null()]).describe('The id of the input line, echoed');

/** A line of `haat predict --local`: the answer, or what is wrong with the row. */
const outputLine = z.union([
  z.object({
    id,
    packages: z.array(z.string()).describe('Codes of the package types, the least protective first, [K]'),
    probability: z
      .array(z.number().min(0).max(1))
      .describe('Probability that one shipment arrives damaged in each of them, never increasing, [K]'),
  }),
  z.object({
    id,
    error: z
      .object({ code: z.string(), message: z.string(), field: z.string() })
      .describe('What is wrong with the row, in place of an answer'),
  }),
]);

/** A line of `haat plan --changes`. */
const changeLine = z.object({
  product_id: z.string(),
  from: z.string().nullable().describe("Today's package; null: none is recorded that takes the product"),
  to: z.string(),
  shipping_change_inr: z.number().describe('INR a month; negative is less than today'),
  damage_change_inr: z.number().describe('INR a month; negative is less than today'),
  saving_inr: z.number().describe('INR a month: less shipping and less damage together'),
});

/** Everything that goes into a model and comes out of it, as JSON Schema: files, one raw input, outputs, options. */
export interface ModelSchemas {
  readonly model: string;
  /** Files of a world, one row or JSON line each; `tariff` is one JSON document and may be absent. */
  readonly files: Readonly<Record<'products' | 'package-types' | 'counts' | 'tariff', JsonSchema>>;
  readonly input: JsonSchema;
  readonly output: JsonSchema;
  readonly changes: JsonSchema;
  readonly options: JsonSchema;
}

/** @throws UNKNOWN_MODEL */
export function modelSchemas(model: string): ModelSchemas {
  requireLocalModel(model);
  const inputLine = z.object({ id: id.optional(), ...damageModel.input.shape });
  return {
    model,
    files: {
      products: schemaOf(productRowSchema),
      'package-types': schemaOf(packageTypeSchema),
      counts: schemaOf(shipmentCountSchema),
      tariff: schemaOf(tariffSchema),
    },
    input: schemaOf(inputLine),
    output: schemaOf(outputLine),
    changes: schemaOf(changeLine),
    options: schemaOf(damageModel.options),
  };
}

const unitsByEnding: readonly (readonly [ending: string, unit: string])[] = [
  ['_g', 'g'],
  ['_kg', 'kg'],
  ['_cm', 'cm'],
  ['_cm3', 'cm3'],
  ['_inr', 'INR'],
];

/** JSON Schema of what comes in, each number with its `unit` where its name says one. */
function schemaOf(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, {
    io: 'input',
    override({ zodSchema, jsonSchema }) {
      if (!(zodSchema instanceof z.ZodObject)) return;
      for (const [name, property] of Object.entries(jsonSchema.properties ?? {})) {
        const unit = unitsByEnding.find(([ending]) => name.endsWith(ending))?.[1];
        if (unit !== undefined && typeof property === 'object') property['unit'] = unit;
      }
    },
  });
}
