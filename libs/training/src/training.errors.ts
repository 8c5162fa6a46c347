import { errorsOf, type ErrorTable } from '@haat/kit';

/** What can go wrong in training any model, and who has to act. Printed to `docs/errors.md`. */
export const trainingErrors = {
  /** The options of a run do not fit the model's schema. */
  INVALID_OPTIONS: 'caller',
  /** Two models were not evaluated on the same held-out groups. */
  NOT_COMPARABLE: 'fault',
  /** A gate speaks of a metric that the evaluation did not give. */
  METRIC_MISSING: 'fault',
  /** No version of the model is promoted, so that there are no parameters to infer by. */
  NO_PARAMETERS: 'caller',
  /** The model does not take in days one after the other. */
  NO_DAYS: 'caller',
  /** Too few rows with a known target, or a flag that is the same in all of them. */
  TOO_FEW_ROWS: 'caller',
  /** A fit stopped before it met its tolerance. */
  FIT_UNSETTLED: 'fault',
  /** An answer that was kept does not come out the same from what was known then, by its version and seed. */
  REPLAY_DIFFERS: 'fault',
} as const satisfies ErrorTable;

export const trainingError = errorsOf(trainingErrors);
