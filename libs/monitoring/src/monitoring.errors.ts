import { errorsOf, type ErrorTable } from '@haat/kit';

/** What can go wrong in looking after what is served. Printed to `docs/errors.md`. */
export const monitoringErrors = {
  /** A recorded prediction, or an answer that a run kept, does not come out of the stored facts as it was served. */
  SKEW_FOUND: 'fault',
  /** Nothing was recorded, or kept, in the window or on the day. */
  NOTHING_RECORDED: 'caller',
  /** No version is promoted, or its training snapshot is gone: there is nothing to compare with. */
  NO_REFERENCE: 'caller',
  /** The worker has no way to recompute or profile this model. */
  UNMONITORED_MODEL: 'fault',
} as const satisfies ErrorTable;

export const monitoringError = errorsOf(monitoringErrors);
