import type { TrainInput, TrainResult, TrainStep } from '../train.contract.ts';
import { currentStep, trainModel } from '../train.workflow.ts';
import { failureOf } from './run.failures.ts';
import { startOnce } from './run.start.ts';
import type { Temporal } from './temporal.connection.ts';

export interface StartedRun {
  readonly runId: string;
  /** False when the same run was started before: it is that run that `result` speaks of. */
  readonly started: boolean;
  /** Waits for the end. Errors: the code that the run failed with; RUN_CANCELLED; RUN_TERMINATED. */
  result(): Promise<TrainResult>;
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

/** The step that a run is in, asked of the workflow itself; needs a worker. Errors: UNKNOWN_WORKFLOW. */
export async function stepOfRun(temporal: Temporal, runId: string): Promise<TrainStep> {
  try {
    return await temporal.client.workflow.getHandle(runId).query(currentStep);
  } catch (caught) {
    throw failureOf(caught, runId);
  }
}
