import type { ModelCard } from '@haat/kit';
import { edgeError, type JsonObject } from '@haat/platform';
import { z } from 'zod';

/**
 * Checks training options against the schema that the model's stored card declares. An option that it does not declare is
 * refused: a misspelt one would do nothing.
 * @throws INVALID_ARGUMENT for the first that is wrong, with its field
 */
export function checkOptions(card: ModelCard, options: JsonObject): void {
  const schema = z.fromJSONSchema({ ...card.options, additionalProperties: false });
  const parsed = schema.safeParse(options);
  if (parsed.success) return;
  const issue = parsed.error.issues[0]!;
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys((card.options['properties'] ?? {}) as object).join(', ');
    throw refused(`options.${issue.keys[0]}`, `${card.name} has no such option; it has ${known || 'none'}`);
  }
  throw refused(['options', ...issue.path].join('.'), issue.message);
}

function refused(field: string, why: string): Error {
  return edgeError('INVALID_ARGUMENT', `${field}: ${why}`, { field });
}
