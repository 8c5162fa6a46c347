import { skewText, type SkewReport } from '@haat/kit';
import { replayMetrics, type Metrics } from '@haat/workflows';
import { trainingError } from '../training.errors.ts';

/** Passes an answer that came out the same. Errors: REPLAY_DIFFERS with the report, which names nobody whom the answer is about. */
export function judgeReplay(run: string, report: SkewReport): Metrics {
  const { rows, differing } = report;
  if (differing === 0) return replayMetrics(report);
  throw trainingError(
    'REPLAY_DIFFERS',
    `The answer of ${run} does not come out the same, ${differing} of ${rows} differ: ${skewText(report, 'run')}`,
    { run, report },
  );
}
