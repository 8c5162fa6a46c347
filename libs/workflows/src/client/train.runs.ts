import {
  WorkflowNotFoundError,
  type WorkflowExecutionDescription,
  type WorkflowExecutionStatusName,
} from '@temporalio/client';
import { assertUnreachable } from '@haat/kit';
import type { PromotionDecision, RunState, TrainInput, TrainResult, TrainStep } from '../train.contract.ts';
import { currentStep, decidePromotion, trainModel } from '../train.workflow.ts';
import { failureOf, unknownRun } from './run.failures.ts';
import { startOnce } from './run.start.ts';
import type { Temporal } from './temporal.connection.ts';

export interface StartedRun {
  readonly runId: string;
  /** False when the same run was started before: it is that run that `result` speaks of. */
  readonly started: boolean;
  /** Waits for the end. Errors: the code that the run failed with; RUN_CANCELLED; RUN_TERMINATED. */
  result(): Promise<TrainResult>;
}

/** A run as Temporal knows it. What the run itself writes (progress, metrics) is in its row. */
export interface RunDescription {
  readonly runId: string;
  readonly state: RunState;
  readonly startedAt: Date;
  readonly closedAt: Date | null;
  /** Temporal's own id of the execution, as its UI shows it. */
  readonly executionId: string;
}

/**
 * Starts a training run, or finds the one that has its id: an id runs once, for ever. A run that failed keeps its id too;
 * whoever wants it again says so with an idempotency key.
 */
export async function startTraining(temporal: Temporal, input: TrainInput): Promise<StartedRun> {
  const { runId, model } = input;
  const started = await startOnce(temporal, trainModel, input, `Train ${model}`);
  return { runId, started, result: () => trainingResult(temporal, runId) };
}

/** Waits for the end of a run. Errors: as `StartedRun.result`, and UNKNOWN_WORKFLOW. */
export async function trainingResult(temporal: Temporal, runId: string): Promise<TrainResult> {
  try {
    return await temporal.client.workflow.getHandle<typeof trainModel>(runId).result();
  } catch (caught) {
    throw failureOf(caught, runId);
  }
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

/** The step that a run is in, asked of the workflow itself; needs a worker. Errors: UNKNOWN_WORKFLOW. */
export async function stepOfRun(temporal: Temporal, runId: string): Promise<TrainStep> {
  try {
    return await temporal.client.workflow.getHandle(runId).query(currentStep);
  } catch (caught) {
    throw failureOf(caught, runId);
  }
}

/** Asks a run to stop. It has stopped when its state is 'cancelled'. A run that has ended stays as it is. Errors: UNKNOWN_WORKFLOW. */
export async function cancelRun(temporal: Temporal, runId: string): Promise<void> {
  const description = await describeRun(temporal, runId);
  if (description === null) throw unknownRun(runId);
  if (description.closedAt !== null) return;
  try {
    await temporal.client.workflow.getHandle(runId).cancel();
  } catch (caught) {
    // It ended in between.
    if (!(caught instanceof WorkflowNotFoundError)) throw failureOf(caught, runId);
  }
}

/**
 * Wakes a run that waits for an approval. What counts is the decision in the database; a run that has ended, or that is woken
 * twice, stays as it is. Errors: UNKNOWN_WORKFLOW.
 */
export async function signalDecision(temporal: Temporal, runId: string, decision: PromotionDecision): Promise<void> {
  const description = await describeRun(temporal, runId);
  if (description === null) throw unknownRun(runId);
  if (description.closedAt !== null) return;
  try {
    await temporal.client.workflow.getHandle(runId).signal(decidePromotion, decision);
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
