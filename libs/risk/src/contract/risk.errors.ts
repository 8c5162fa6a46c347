import { errorsOf, type ErrorTable } from '@haat/kit';

/** What can go wrong in risk inference, and who has to act. Printed to `docs/errors.md`. */
export const riskErrors = {
  /** A text is no case of the format crisp-case-v1. */
  INVALID_CASE: 'caller',
  /** A parameter of the transmission model is missing or out of its range, or a distribution of durations does not sum to one. */
  INVALID_PARAMETERS: 'caller',
  /** A contact of a person with itself, of somebody unknown, on a day outside the window, in an unknown channel, or with a count that is no positive whole number. */
  INVALID_CONTACT: 'caller',
  /** A test of somebody unknown, on a day outside the window, of an unknown kind, or with a result that is neither positive nor negative. */
  INVALID_TEST: 'caller',
  /** A symptom report of somebody unknown, on a day outside the window, or where the parameters say nothing of symptoms. */
  INVALID_SYMPTOM: 'caller',
  /** What is known of a person from before the window: somebody unknown, a state that one cannot be in, or probabilities that do not fit together. */
  INVALID_INITIAL_STATE: 'caller',
  /** A window of no day or of more than 254, no person, or a column that is not as long as it says. */
  INVALID_PROBLEM: 'caller',
  /** More persons, or more different sums of exposure, than the packed index of contacts can tell apart. */
  TOO_MANY_EXPOSURES: 'caller',
  /** Persons who met one another are too many, and met too often, for their joint trajectories to be enumerated. */
  TOO_MANY_TRAJECTORIES: 'caller',
  /** What was observed cannot happen under the parameters: every trajectory has probability zero. */
  IMPOSSIBLE_EVIDENCE: 'caller',
  /** How chains are to run is out of range: no chain, no sweep that counts, or somebody to explain who is not there. */
  INVALID_SAMPLING: 'caller',
  /** Chains were stopped before their last sweep; they go on from their checkpoints. */
  INFERENCE_STOPPED: 'retry',
  /** A thread that ran chains ended before it was done. */
  INFERENCE_FAILED: 'fault',
} as const satisfies ErrorTable;

export const riskError = errorsOf(riskErrors);
