import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  TemporalFailure,
  TerminatedFailure,
  TimeoutFailure,
} from '@temporalio/common';
import { DomainError, isDomainError, type Blame, type ErrorDetails } from '@haat/kit';
import { workflowError } from './workflows.errors.ts';

/** What travels in the details of an `ApplicationFailure` that stands for a `DomainError`. */
interface DomainDetails {
  readonly blame: Blame;
  readonly details: ErrorDetails;
}

/** Anything that an activity throws, as Temporal has to see it: `type` is the code, retried only where time may mend it. */
export function applicationFailureOf(thrown: unknown): unknown {
  if (!isDomainError(thrown)) return thrown;
  const details: DomainDetails = { blame: thrown.blame, details: thrown.details };
  return ApplicationFailure.create({
    type: thrown.code,
    message: thrown.message,
    nonRetryable: thrown.blame !== 'retry',
    details: [details],
    cause: thrown.cause instanceof Error ? thrown.cause : undefined,
  });
}

/** What a workflow, or whoever waits for its result, caught, as the one expected failure that it stands for. */
export function domainErrorOf(caught: unknown): DomainError {
  if (isDomainError(caught)) return caught;
  const root = rootOf(caught);
  if (root instanceof CancelledFailure) return workflowError('RUN_CANCELLED', 'The run was cancelled');
  if (root instanceof TerminatedFailure)
    return workflowError('RUN_TERMINATED', `The run was terminated: ${root.message}`);
  if (root instanceof TimeoutFailure) {
    return workflowError('STEP_TIMED_OUT', `${stepOf(caught)} took too long (${root.timeoutType})`);
  }
  if (root instanceof ApplicationFailure) {
    const known = domainDetails(root);
    if (known) return new DomainError(root.type ?? 'STEP_FAILED', known.blame, root.message, known.details);
  }
  return workflowError('STEP_FAILED', `${stepOf(caught)} failed unexpectedly; the worker's log says why`, {}, caught);
}

/**
 * Activities whose expected failures reach the workflow as typed failures. Whatever else they throw passes through: Temporal
 * tries again.
 */
export function withTypedFailures<A extends object>(activities: A): A {
  const wrapped = Object.entries(activities).map(([name, activity]: [string, (call: unknown) => Promise<unknown>]) => [
    name,
    async (call: unknown) => {
      try {
        return await activity(call);
      } catch (thrown) {
        throw applicationFailureOf(thrown);
      }
    },
  ]);
  return Object.fromEntries(wrapped) as A;
}

/** The innermost failure that Temporal knows: an activity's or a workflow's failure wraps the one that caused it. */
function rootOf(caught: unknown): unknown {
  const wraps =
    caught instanceof Error && !(caught instanceof ApplicationFailure) && caught.cause instanceof TemporalFailure;
  return wraps ? rootOf(caught.cause) : caught;
}

function stepOf(caught: unknown): string {
  if (caught instanceof ActivityFailure) return `Step "${caught.activityType}"`;
  return caught instanceof Error && caught.cause ? stepOf(caught.cause) : 'The run';
}

function domainDetails(failure: ApplicationFailure): DomainDetails | undefined {
  const [first] = (failure.details ?? []) as Partial<DomainDetails>[];
  return first?.blame ? { blame: first.blame, details: first.details ?? {} } : undefined;
}
