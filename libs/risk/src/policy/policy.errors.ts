import { errorsOf, type ErrorTable } from '@haat/kit';

/** What can go wrong in simulating policies. */
export const policyErrors = {
  /** A field of an experiment is missing or out of its range, it names a policy that it does not have, or it is more work than the limits allow. */
  INVALID_EXPERIMENT: 'caller',
  /** A thread that runs policies ended, or threw what nobody expects. */
  POLICY_RUN_FAILED: 'fault',
} as const satisfies ErrorTable;

export const policyError = errorsOf(policyErrors);
