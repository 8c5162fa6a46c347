import type { JsonSchema, ModelCard } from '@haat/kit';
import { edgeError, type JsonObject } from '@haat/platform';
import { z } from 'zod';

/**
 * Checks training options against the schema that the model's stored card declares. An option that it does not declare is
 * refused: a misspelt one would do nothing.
 * @throws INVALID_ARGUMENT for the first that is wrong, with its field
 */
export function checkOptions({ options: declared, name }: ModelCard, options: JsonObject): void {
  checkAgainst(declared, name, options);
}

/** The same against any schema that a stored card holds. @throws INVALID_ARGUMENT */
export function checkAgainst(declared: JsonSchema, model: string, options: JsonObject): void {
  const schema = z.fromJSONSchema({ ...declared, additionalProperties: false });
  const parsed = schema.safeParse(options);
  if (parsed.success) return;
  const issue = parsed.error.issues[0]!;
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys((declared['properties'] ?? {}) as object).join(', ');
    throw refused(`options.${issue.keys[0]}`, `${model} has no such option; it has ${known || 'none'}`);
  }
  throw refused(['options', ...issue.path].join('.'), issue.message);
}

function refused(field: string, why: string): Error {
  return edgeError('INVALID_ARGUMENT', `${field}: ${why}`, { field });
}
