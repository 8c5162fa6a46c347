import { WorkflowExecutionAlreadyStartedError, WorkflowIdReusePolicy } from '@temporalio/client';
import { taskQueues } from '../train.contract.ts';
import { failureOf } from './run.failures.ts';
import type { Temporal } from './temporal.connection.ts';

/** Starts a workflow under the id that its input holds; false where one of this id was started before: an id runs once, for ever. */
export async function startOnce<Input extends { readonly runId: string }>(
  temporal: Temporal,
  workflow: (input: Input) => Promise<unknown>,
  input: Input,
  summary: string,
): Promise<boolean> {
  try {
    await temporal.client.workflow.start<(input: Input) => Promise<unknown>>(workflow, {
      workflowId: input.runId,
      taskQueue: taskQueues.control,
      workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
      args: [input],
      staticSummary: summary,
    });
    return true;
  } catch (caught) {
    if (caught instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw failureOf(caught);
  }
}
