import { errorsOf, type ErrorTable } from '@haat/kit';

/** What can go wrong in getting a Temporal server onto this machine. Printed to `docs/errors.md`. */
export const temporalErrors = {
  /** There is no Temporal server, none can be downloaded, and there is no Go to build one with. */
  TEMPORAL_NOT_FOUND: 'caller',
  /** Go could not build the Temporal server. */
  TEMPORAL_BUILD_FAILED: 'caller',
} as const satisfies ErrorTable;

export const temporalError = errorsOf(temporalErrors);
