import type { ActivityOptions } from '@temporalio/common';
import { taskQueues } from './train.contract.ts';

/** A step that only talks to the database. Ten attempts take about five minutes; then the run fails. */
export const controlStep: ActivityOptions = {
  taskQueue: taskQueues.control,
  startToCloseTimeout: '1 minute',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute', maximumAttempts: 10 },
};

/** A step that reads or scores much data in the worker's own process, which may be busy for a while between two beats. */
export const dataStep: ActivityOptions = {
  taskQueue: taskQueues.train,
  startToCloseTimeout: '2 hours',
  heartbeatTimeout: '1 minute',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute', maximumAttempts: 5 },
};

/**
 * A step that computes in a process of its own. The worker beats for it every `heartbeatEveryMs`; one that is silent for ten
 * seconds has died, and another takes the step over. A cancelled step has ended before the run says so.
 */
export const computeStep: ActivityOptions = {
  ...dataStep,
  startToCloseTimeout: '6 hours',
  heartbeatTimeout: '10 seconds',
};

/** How often a step beats, ms. A cancel reaches it with the answer to a beat. */
export const heartbeatEveryMs = 1_000;
