import { executeChild, proxyActivities, workflowInfo } from '@temporalio/workflow';
import { SkewTally, type SkewReport } from '@haat/kit';
import { closingStep, controlStep, dataStep } from './activity.options.ts';
import type {
  CheckActivities,
  CheckInput,
  CheckKind,
  CheckStep,
  DriftInput,
  DriftResult,
  ReplayingRuns,
  SkewInput,
} from './check.contract.ts';
import { domainErrorOf } from './failure.mapping.ts';
import type { ReplayInput } from './infer.contract.ts';
import { inferModel } from './infer.workflow.ts';
import { replayMetrics, reportOfFailure, reportOfMetrics } from './replay.report.ts';
import { framedRun } from './run.frame.ts';
import type { Metrics } from './train.contract.ts';

const control = proxyActivities<CheckActivities>(controlStep);
const data = proxyActivities<CheckActivities>(dataStep);
const closing = proxyActivities<CheckActivities>(closingStep);

/** Recomputes a sample of what was served from the offline side, and fails where anything differs. */
export function auditSkew(input: SkewInput): Promise<SkewReport> {
  return checkRun('skew', input, async (begin, startedAt) => {
    await begin('recompute');
    const sampled = await data.recomputeSample({ ...input, startedAt });
    const report = 'replays' in sampled ? await replayed(sampled) : sampled;
    await begin('judge');
    await control.judgeSkew({ ...input, report });
    return { metrics: replayMetrics(report), result: report };
  });
}

/** What came of replays by runs, one after the other: each takes what the answer took. */
async function replayed({ replays }: ReplayingRuns): Promise<SkewReport> {
  const tally = new SkewTally();
  for (const replay of replays) tally.addReport(await replayOnce(replay));
  return tally.report();
}

/** The report of one replay, whether all came out the same or not; of no rows where its run is kept no more by now. */
async function replayOnce(replay: ReplayInput): Promise<SkewReport> {
  try {
    const { metrics } = await executeChild(inferModel, { args: [replay], workflowId: replay.runId });
    return reportOfMetrics(metrics);
  } catch (caught) {
    const failure = domainErrorOf(caught);
    if (failure.code === 'NO_INFERENCE') return new SkewTally().report();
    const report = reportOfFailure(failure);
    if (report === undefined) throw caught;
    return report;
  }
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
