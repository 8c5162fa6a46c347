import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import { closingStep, controlStep, dataStep } from './activity.options.ts';
import type {
  CheckActivities,
  CheckInput,
  CheckKind,
  CheckStep,
  DriftInput,
  DriftResult,
  SkewInput,
  SkewReport,
} from './check.contract.ts';
import { framedRun } from './run.frame.ts';
import type { Metrics } from './train.contract.ts';

const control = proxyActivities<CheckActivities>(controlStep);
const data = proxyActivities<CheckActivities>(dataStep);
const closing = proxyActivities<CheckActivities>(closingStep);

/** Recomputes a sample of what was served from the offline side, and fails where anything differs. */
export function auditSkew(input: SkewInput): Promise<SkewReport> {
  return checkRun('skew', input, async (begin, startedAt) => {
    await begin('recompute');
    const report = await data.recomputeSample({ ...input, startedAt });
    await begin('judge');
    await control.judgeSkew({ ...input, report });
    return { metrics: { rows: report.rows, differing: report.differing, ...report.shares }, result: report };
  });
}

/** Profiles the inputs of a day against what the champion learned from. Drift is told, and no failure. */
export function profileDrift(input: DriftInput): Promise<DriftResult> {
  return checkRun('drift', input, async (begin, startedAt) => {
    await begin('profile');
    const result = await data.profileDay({ ...input, startedAt });
    const { rows, referenceRows, drifted } = result;
    return { metrics: { rows, referenceRows, drifted: drifted.length }, result };
  });
}

async function checkRun<Result extends object>(
  kind: CheckKind,
  input: CheckInput<object>,
  work: (
    begin: (step: CheckStep) => Promise<void>,
    startedAt: string,
  ) => Promise<{ readonly metrics: Metrics; readonly result: Result }>,
): Promise<Result> {
  const { runId, model } = input;
  const { result } = await framedRun<{ readonly metrics: Metrics; readonly result: Result }>(
    {
      open: () => control.openCheck({ ...input, kind }),
      complete: (report) => closing.completeCheck({ runId, model, ...report }),
      fail: (failure) => closing.failCheck({ runId, model, ...failure }),
    },
    () => work((step) => control.beginCheckStep({ runId, model, step }), workflowInfo().startTime.toISOString()),
  );
  return result;
}
