import { errorsOf, type ErrorTable } from '@haat/kit';

/** What can go wrong in packaging, and who has to act. Printed to `docs/errors.md`. */
export const packagingErrors = {
  /** No facts about this product at or before `asOf`. */
  UNKNOWN_PRODUCT: 'caller',
  /** A package code that the catalogue in question does not hold. */
  UNKNOWN_PACKAGE: 'caller',
  /** No plan of this id is kept. */
  UNKNOWN_PLAN: 'caller',
  /** A product fact is missing, NaN, infinite or out of its range. */
  INVALID_PRODUCT: 'caller',
  /** The model has no finite probability for a product: its facts are in range, and extreme all the same. */
  UNANSWERABLE_PRODUCT: 'caller',
  /** A shipment count is negative, fractional, or has more damages than shipments. */
  INVALID_COUNTS: 'caller',
  /** A package catalogue is empty, unordered, or repeats a code. */
  INVALID_CATALOGUE: 'caller',
  /** No package type takes the product (weight or thickness). */
  NO_FEASIBLE_PACKAGE: 'caller',
  /** A plan is asked for with no limit, with several, or with an amount that is negative or not finite. */
  INVALID_LIMIT: 'caller',
  /** The budget is below the cheapest possible plan. */
  BUDGET_TOO_LOW: 'caller',
  /** The damage target is below what the safest possible plan reaches. */
  DAMAGE_TARGET_TOO_LOW: 'caller',
  /** More plans are wished for than may wait. */
  PLANNER_BUSY: 'retry',
  /** Too few shipments or damages to fit a model. */
  TOO_LITTLE_HISTORY: 'caller',
  /** The solver stopped before it met its tolerance. */
  FIT_DID_NOT_CONVERGE: 'fault',
} as const satisfies ErrorTable;

export const packagingError = errorsOf(packagingErrors);
