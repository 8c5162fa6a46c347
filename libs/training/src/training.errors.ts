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
} as const satisfies ErrorTable;

export const trainingError = errorsOf(trainingErrors);
