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

/**
 * A chunk of a backfill: one transaction. Once begun it commits or does not, so that a cancelled run waits for its answer.
 * Twenty attempts outlast a database that is away for eight minutes.
 */
export const backfillStep: ActivityOptions = {
  taskQueue: taskQueues.backfill,
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: '10 seconds',
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds', maximumAttempts: 20 },
};

/** The last step of a run, which writes down how it ended: tried until it is written. */
export const closingStep: ActivityOptions = {
  ...controlStep,
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
};
