import { errorsOf, type ErrorTable } from '@haat/kit';

/** What can go wrong in running workflows, whatever the domain. Printed to `docs/errors.md`. */
export const workflowErrors = {
  /** An argument or result of a step is too large for the history: it has to be a reference. */
  PAYLOAD_TOO_LARGE: 'fault',
  /** A step failed for a reason that nobody foresaw; the worker's log has it. */
  STEP_FAILED: 'fault',
  /** A step took longer than it may, with all its attempts. */
  STEP_TIMED_OUT: 'fault',
  /** Somebody cancelled the run. */
  RUN_CANCELLED: 'caller',
  /** An operator ended the run from outside; it could not tidy up. */
  RUN_TERMINATED: 'caller',
  /** Temporal knows no run of this id; it may have forgotten it. */
  UNKNOWN_WORKFLOW: 'caller',
  /** A run of this kind cannot wait: only backfills and undos go chunk by chunk. */
  RUN_CANNOT_PAUSE: 'caller',
  /** A run that has ended cannot be paused, resumed or cancelled. */
  RUN_HAS_ENDED: 'caller',
  /** Only a run that failed or was cancelled can be tried again. */
  RUN_NOT_FAILED: 'caller',
  /** A day is profiled when it is over (UTC): a profile stays as it was made. */
  DAY_NOT_OVER: 'caller',
  /** No schedule of this name is known. */
  UNKNOWN_SCHEDULE: 'caller',
  /** A schedule of this name exists. */
  SCHEDULE_EXISTS: 'caller',
  /** A schedule's name, times or options cannot be used. */
  INVALID_SCHEDULE: 'caller',
  /** Temporal does not answer. */
  TEMPORAL_UNREACHABLE: 'retry',
  /** TLS to Temporal fails: who answers there cannot be trusted, wants another certificate of ours, or speaks no TLS. */
  TEMPORAL_TLS_REFUSED: 'caller',
  /** A certificate or key for Temporal cannot be read, or one is missing. */
  TEMPORAL_ACCESS_UNUSABLE: 'caller',
  /** No worker of this build polls. */
  UNKNOWN_BUILD: 'caller',
} as const satisfies ErrorTable;

export const workflowError = errorsOf(workflowErrors);
