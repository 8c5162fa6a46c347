import {
  WorkflowNotFoundError,
  type WorkflowExecutionDescription,
  type WorkflowExecutionStatusName,
  type WorkflowHandle,
} from '@temporalio/client';
import { assertUnreachable } from '@haat/kit';
import { pauseSignal, resumeSignal } from '../chunked.run.ts';
import type { PromotionDecision, RunState } from '../train.contract.ts';
import { decidePromotion } from '../train.workflow.ts';
import { failureOf, unknownRun } from './run.failures.ts';
import type { Temporal } from './temporal.connection.ts';

/** A run as Temporal knows it. What the run itself writes (progress, metrics) is in its row. */
export interface RunDescription {
  readonly runId: string;
  readonly state: RunState;
  readonly startedAt: Date;
  readonly closedAt: Date | null;
  /** Temporal's own id of the execution, as its UI shows it. */
  readonly executionId: string;
}

/** The state of a run; null when Temporal knows none of this id (its history may have expired). */
export async function describeRun(temporal: Temporal, runId: string): Promise<RunDescription | null> {
  try {
    const description = await temporal.client.workflow.getHandle(runId).describe();
    return {
      runId,
      state: stateOf(description),
      startedAt: description.startTime,
      closedAt: description.closeTime ?? null,
      executionId: description.runId,
    };
  } catch (caught) {
    if (caught instanceof WorkflowNotFoundError) return null;
    throw failureOf(caught, runId);
  }
}

/** Asks a run to stop. It has stopped when its state is 'cancelled'. A run that has ended stays as it is. Errors: UNKNOWN_WORKFLOW. */
export async function cancelRun(temporal: Temporal, runId: string): Promise<void> {
  await unlessEnded(temporal, runId, (handle) => handle.cancel());
}

/** Asks a run of chunks to wait, or to go on. A run that has ended stays as it is. Errors: UNKNOWN_WORKFLOW. */
export async function pauseRun(temporal: Temporal, runId: string, paused: boolean): Promise<void> {
  await unlessEnded(temporal, runId, (handle) => handle.signal(paused ? pauseSignal : resumeSignal));
}

/**
 * Wakes a run that waits for an approval. What counts is the decision in the database; a run that has ended, or that is woken
 * twice, stays as it is. Errors: UNKNOWN_WORKFLOW.
 */
export async function signalDecision(temporal: Temporal, runId: string, decision: PromotionDecision): Promise<void> {
  await unlessEnded(temporal, runId, (handle) => handle.signal(decidePromotion, decision));
}

async function unlessEnded(
  temporal: Temporal,
  runId: string,
  ask: (handle: WorkflowHandle) => Promise<unknown>,
): Promise<void> {
  const description = await describeRun(temporal, runId);
  if (description === null) throw unknownRun(runId);
  if (description.closedAt !== null) return;
  try {
    await ask(temporal.client.workflow.getHandle(runId));
  } catch (caught) {
    // It ended in between.
    if (!(caught instanceof WorkflowNotFoundError)) throw failureOf(caught, runId);
  }
}

function stateOf({ status, raw }: WorkflowExecutionDescription): RunState {
  const name: WorkflowExecutionStatusName = status.name;
  switch (name) {
    case 'RUNNING':
    case 'CONTINUED_AS_NEW':
    case 'PAUSED':
      return Number(raw.workflowExecutionInfo?.historyLength ?? 0) > 2 ? 'running' : 'queued';
    case 'COMPLETED':
      return 'completed';
    case 'CANCELLED':
      return 'cancelled';
    case 'FAILED':
    case 'TERMINATED':
    case 'TIMED_OUT':
    case 'UNSPECIFIED':
    case 'UNKNOWN':
      return 'failed';
    default:
      return assertUnreachable(name);
  }
}
