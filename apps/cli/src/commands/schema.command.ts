import { HAAT } from '@haat/kit';
import { addCommand, type AddCommand, type CommonOptions } from '../cli.command.ts';
import { outputOf } from '../cli.context.ts';
import { modelSchemas } from '../local/model.schemas.ts';

export const addSchema: AddCommand = (program, context) => {
  addCommand(program, {
    usage: 'schema <model>',
    summary: 'JSON Schema of files, inputs, outputs and options, with units',
    description: `Prints one JSON document: the JSON Schema of a row of each file that the model learns from, of a line that "${HAAT} predict" reads and writes (for packaging/damage also of "${HAAT} plan --changes"), and of the options of a training run.`,
    examples: [['schema packaging/damage', 'all of them']],
  }).action(async (model: string, options: CommonOptions) => {
    outputOf(context, options).result(await modelSchemas(model), (schemas) => JSON.stringify(schemas, null, 2));
  });
};
