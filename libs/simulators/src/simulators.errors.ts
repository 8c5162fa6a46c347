import { errorsOf, type ErrorTable } from '@haat/kit';

/** What can go wrong in making a world. */
export const simulatorErrors = {
  /** An option of a simulation, or a known attribute, is missing or out of its range. */
  INVALID_WORLD: 'caller',
} as const satisfies ErrorTable;

export const simulatorError = errorsOf(simulatorErrors);
