import { errorsOf, type ErrorTable } from '@haat/kit';

/** What can go wrong with the process that a fit runs in. Printed to `docs/errors.md`. */
export const fitProcessErrors = {
  /** The fit ended without an artifact; the message holds the end of what it said. */
  FIT_FAILED: 'fault',
  /** The system killed the fit, most often for want of memory. */
  FIT_KILLED: 'retry',
  /** The fit said that it did something that is not a number. */
  FIT_DIVERGED: 'fault',
  /** No trainer of this model is known here. */
  UNKNOWN_TRAINER: 'caller',
} as const satisfies ErrorTable;

export const fitProcessError = errorsOf(fitProcessErrors);
