import { WorkflowNotFoundError } from '@temporalio/client';
import { optionalTsToDate } from '@temporalio/common/lib/time.js';
import { failureOf } from './run.failures.ts';
import type { Temporal } from './temporal.connection.ts';

/** Why a step did not get through, as far as it may be told: unforeseen failures stand in the worker's log. */
export interface StepFailure {
  readonly code: string;
  readonly message: string;
}

/** A step that a run waits for. */
export interface PendingStep {
  readonly step: string;
  /** `waiting`: no worker has taken it yet. `retrying`: it failed, and is tried again at `nextAttemptAt`. */
  readonly state: 'waiting' | 'running' | 'retrying';
  readonly attempt: number;
  /** After which the run fails; null: never. */
  readonly attemptsAtMost: number | null;
  readonly startedAt: Date | null;
  readonly nextAttemptAt: Date | null;
  readonly lastFailure: StepFailure | null;
}

/** The parts of a failure that Temporal keeps which are looked at. */
export interface RawFailure {
  readonly message?: string | null;
  readonly applicationFailureInfo?: { readonly type?: string | null } | null;
  readonly timeoutFailureInfo?: object | null;
}

/** `PENDING_ACTIVITY_STATE_STARTED` and `…_CANCEL_REQUESTED` of Temporal's interface. */
const startedStates: readonly unknown[] = [2, 3];

/** What a run waits for now; none where it waits for its operator or has ended, or where Temporal does not know it. */
export async function pendingSteps(temporal: Temporal, runId: string): Promise<readonly PendingStep[]> {
  try {
    const { raw } = await temporal.client.workflow.getHandle(runId).describe();
    const steps = (raw.pendingActivities ?? []).map((activity): PendingStep => {
      const { attempt = 1, state, maximumAttempts, lastFailure } = activity;
      const running = startedStates.includes(state);
      const next = optionalTsToDate(activity.nextAttemptScheduleTime ?? activity.scheduledTime) ?? null;
      return {
        step: activity.activityType?.name ?? '',
        state: running ? 'running' : lastFailure ? 'retrying' : 'waiting',
        attempt: attempt ?? 1,
        attemptsAtMost: maximumAttempts || null,
        startedAt: optionalTsToDate(activity.lastStartedTime) ?? null,
        nextAttemptAt: running || !lastFailure ? null : next,
        lastFailure: lastFailure ? stepFailure(lastFailure) : null,
      };
    });
    return steps.length === 0 && raw.pendingWorkflowTask ? [waitingWorkflow] : steps;
  } catch (caught) {
    if (caught instanceof WorkflowNotFoundError) return [];
    throw failureOf(caught, runId);
  }
}

/** The run's own next decision, which a worker of the queue `control` makes. */
const waitingWorkflow: PendingStep = {
  step: 'workflow',
  state: 'waiting',
  attempt: 1,
  attemptsAtMost: null,
  startedAt: null,
  nextAttemptAt: null,
  lastFailure: null,
};

/** A failure as people may read it: our own by code and text, others by their kind alone. */
export function stepFailure({ message, applicationFailureInfo, timeoutFailureInfo }: RawFailure): StepFailure {
  const code = applicationFailureInfo?.type ?? '';
  if (/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/.test(code)) return { code, message: message ?? '' };
  if (timeoutFailureInfo) {
    return { code: 'STEP_TIMED_OUT', message: 'No sign of life from its worker, which was killed, lost or too slow' };
  }
  return { code: 'STEP_FAILED', message: "Failed unexpectedly; the worker's log says why" };
}
