import type { JsonSchema } from '@haat/kit';
import { z } from 'zod';

import { modelTools } from '../domains/domain.table.ts';

const id = z.union([z.string(), z.number(), z.null()]).describe('The id of the input line, echoed');

/** What a line of output says of a bad row, in place of an answer. */
const badLine = z.object({
  id,
  error: z
    .object({ code: z.string(), message: z.string(), field: z.string() })
    .describe('What is wrong with the row, in place of an answer'),
});

/** Everything that goes into a model and comes out of it, as JSON Schema; beside these what other commands write. */
export interface ModelSchemas {
  readonly model: string;
  /** Files of a world, one row or JSON line each, or one JSON document. */
  readonly files: Readonly<Record<string, JsonSchema>>;
  readonly input: JsonSchema;
  readonly output: JsonSchema;
  readonly options: JsonSchema;
  /** Options of a run of inference, and of a simulation of policies, where there are such runs. */
  readonly inference?: JsonSchema;
  readonly simulation?: JsonSchema;
}

/** @throws UNKNOWN_MODEL */
export async function modelSchemas(model: string): Promise<ModelSchemas> {
  const { shapes, trainer } = await modelTools(model);
  const { options, inference, simulation } = trainer.definition;
  const schemasOf = (table: Readonly<Record<string, z.ZodType>>) =>
    Object.fromEntries(Object.entries(table).map(([name, schema]) => [name, schemaOf(schema)]));
  return {
    model,
    files: schemasOf(shapes.files),
    input: schemaOf(z.object({ id: id.optional(), ...shapes.input })),
    output: schemaOf(z.union([z.object({ id, ...shapes.output }), badLine])),
    ...schemasOf(shapes.others),
    options: schemaOf(options),
    ...(inference !== undefined && { inference: schemaOf(inference) }),
    ...(simulation !== undefined && { simulation: schemaOf(simulation) }),
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
