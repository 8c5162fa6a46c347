import { errorsOf, type ErrorTable } from '@haat/kit';

/** What can go wrong with the records of risk: what comes in, and what is asked of them. Printed to `docs/errors.md`. */
export const riskRecordErrors = {
  /** A person, contact, test or report of a file that cannot be: the field, what was expected and what came are named. */
  INVALID_RISK_RECORD: 'caller',
  /** No person has this pseudonym. */
  UNKNOWN_PERSON: 'caller',
  /** There are contacts of a channel, or tests of a kind, of which the parameters say nothing. */
  UNMODELLED_EVIDENCE: 'caller',
  /** Nothing was inferred yet: start `inferRisk`. */
  NO_INFERENCE: 'caller',
  /** No simulation of policies has this run; its first step is not done yet; or it is finished and older than those that are kept: start it again with another key. */
  UNKNOWN_SIMULATION: 'caller',
  /** No person is known as of that moment: import persons first. */
  NO_PERSONS: 'caller',
  /** No test was held out by which parameters could be judged, or those beside it all say the same. */
  NOTHING_TO_JUDGE_BY: 'caller',
} as const satisfies ErrorTable;

export const riskRecordError = errorsOf(riskRecordErrors);
