import { errorsOf, type ErrorTable } from '@haat/kit';

/** What can go wrong while a network is fitted. Printed to `docs/errors.md`. */
export const networkErrors = {
  /** A fit of a network asks for something that cannot be: no rows, a batch larger than its data, an input without a batch axis. */
  INVALID_FIT: 'caller',
  /** A batch of no rows: the runtime would hang on it or end the process. */
  EMPTY_BATCH: 'caller',
  /** A batch names a row that an embedding table does not have. */
  UNKNOWN_ROW: 'caller',
  /** A loss, a gradient or a parameter stopped being a number; the message names step and layer. */
  NETWORK_DIVERGED: 'fault',
  /** The code that fills batches failed in its thread. */
  BATCH_FAILED: 'fault',
  /** The bytes of a checkpoint are not what was written. */
  CHECKPOINT_DAMAGED: 'fault',
} as const satisfies ErrorTable;

export const networkError = errorsOf(networkErrors);
