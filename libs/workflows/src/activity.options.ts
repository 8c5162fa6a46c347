import type { ActivityOptions } from '@temporalio/common';
import { taskQueues } from './train.contract.ts';

/** A step that only talks to the database. Ten attempts take about five minutes; then the run fails. */
export const controlStep: ActivityOptions = {
  taskQueue: taskQueues.control,
  startToCloseTimeout: '1 minute',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute', maximumAttempts: 10 },
};

/** A step that computes. It beats every second (see `heartbeatEveryMs`); a worker that is silent for ten has died. */
export const computeStep: ActivityOptions = {
  taskQueue: taskQueues.train,
  startToCloseTimeout: '6 hours',
  heartbeatTimeout: '10 seconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute', maximumAttempts: 5 },
  // A cancelled fit has ended before the run says so: nothing computes on behind its back.
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
};

/** How often a computing step beats, ms. A cancel reaches it with the answer to a beat. */
export const heartbeatEveryMs = 1_000;
