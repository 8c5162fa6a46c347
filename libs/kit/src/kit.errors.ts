import { errorsOf, type ErrorTable } from './error.ts';

/** What can go wrong with rows of any domain, and who has to act. Printed to `docs/errors.md`. */
export const kitErrors = {
  /** A field of a row is missing, of another type, or out of its range. */
  INVALID_ROW: 'caller',
  /** Nothing is known of this entity at or before `asOf`. */
  UNKNOWN_ENTITY: 'caller',
} as const satisfies ErrorTable;

const kitError = errorsOf(kitErrors);

/** Says that `what` of this id is not known as of a moment. */
export function unknownEntity(what: string, id: string, asOf: Date) {
  return kitError('UNKNOWN_ENTITY', `No ${what} "${id}" is known as of ${asOf.toISOString()}`, { field: 'id', id });
}

/** Says what is wrong with one field of a row; `place` names the row. */
export function invalidRow(place: string, field: string, expected: string, got: unknown) {
  const shown = JSON.stringify(got) ?? 'nothing';
  return kitError('INVALID_ROW', `${place}: field ${field}: ${expected}, got ${shown}`, { field, expected, got });
}
