import type { Workflow } from '@temporalio/common';
import {
  executeChild,
  ParentClosePolicy,
  proxyActivities,
  workflowInfo,
  WorkflowIdReusePolicy,
} from '@temporalio/workflow';
import { controlStep } from './activity.options.ts';
import { backfillRows } from './backfill.workflow.ts';
import { auditSkew, profileDrift } from './check.workflow.ts';
import { inferModel } from './infer.workflow.ts';
import type { ScheduleActivities, ScheduledKind, ScheduledRunInput } from './schedule.contract.ts';
import { trainModel } from './train.workflow.ts';

const { planScheduledRun } = proxyActivities<ScheduleActivities>(controlStep);

const workflows: Readonly<Record<ScheduledKind, Workflow>> = {
  train: trainModel,
  backfill: backfillRows,
  skew: auditSkew,
  drift: profileDrift,
  infer: inferModel,
};

/** One turn of a schedule: plans its run, and lasts as long as the run does, so that turns know of each other. */
export async function scheduledRun(input: ScheduledRunInput): Promise<void> {
  const { workflowId: turn } = workflowInfo();
  const { kind, input: planned } = await planScheduledRun({ ...input, turn });
  await executeChild(workflows[kind], {
    args: [planned],
    workflowId: planned.runId,
    workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
    parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
  });
}
