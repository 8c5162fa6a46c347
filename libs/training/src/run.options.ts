import type { ModelDefinition, OptionsOf } from '@haat/kit';
import { trainingError } from './training.errors.ts';

/** Options of a run, checked against the model's schema, with defaults. Errors: INVALID_OPTIONS with `{ field, got }`. */
export function parseOptions<D extends ModelDefinition>(definition: D, options: unknown): OptionsOf<D> {
  const parsed = definition.options.safeParse(options);
  if (parsed.success) return parsed.data as OptionsOf<D>;
  const issue = parsed.error.issues[0]!;
  const field = issue.path.join('.') || 'options';
  throw trainingError('INVALID_OPTIONS', `Options of ${definition.name}: ${field}: ${issue.message}`, { field });
}
