import type { ModelDefinition, OptionsOf } from '@haat/kit';
import { z } from 'zod';
import { trainingError } from './training.errors.ts';

/** Options of a run, checked against the model's schema, with defaults. Errors: INVALID_OPTIONS with `{ field, got }`. */
export function parseOptions<D extends Pick<ModelDefinition, 'name' | 'options'>>(
  definition: D,
  options: unknown,
): OptionsOf<D> {
  const parsed = definition.options.safeParse(options);
  if (parsed.success) return parsed.data as OptionsOf<D>;
  const issue = parsed.error.issues[0]!;
  if (issue.code === 'unrecognized_keys') {
    const [field] = issue.keys;
    const known = Object.keys(z.toJSONSchema(definition.options, { io: 'input' }).properties ?? {}).join(', ');
    throw trainingError(
      'INVALID_OPTIONS',
      `Options of ${definition.name}: ${field}: the model has no such option; it has ${known || 'none'}`,
      { field },
    );
  }
  const field = issue.path.join('.') || 'options';
  const what = issue.message.replace(/^Invalid input: /, '').replace(', received ', ', got ');
  throw trainingError('INVALID_OPTIONS', `Options of ${definition.name}: ${field}: ${what}`, { field });
}
