import { areaUnderRoc, baseRate, calibrationRatio, logLoss, rowLogLoss } from '../statistics/binomial.metrics.ts';
import type { MetricSpec } from '@haat/kit';
import type { GroupLosses } from '../trainer.ts';

/** Predictions of n rows beside what was observed; `mean` is the training part's, the simplest model. */
export interface RowScores {
  readonly predicted: ArrayLike<number>;
  readonly observed: Float64Array;
  readonly mean: number;
}

/** What `flagMetrics` measures of probabilities. */
export const flagMetricSpecs = {
  logLoss: { unit: 'nat', doc: 'Mean negative log-likelihood of a held-out row', better: 'lower' },
  logLossGain: {
    unit: '1',
    doc: "Share of the log-loss of the training part's mean that the model saves",
    better: 'higher',
  },
  auc: { unit: '1', doc: 'Area under the ROC curve over held-out rows', better: 'higher' },
  calibrationRatio: { unit: '1', doc: 'Predicted over observed sum in the held-out part', better: 'closer to 1' },
  baseRate: { unit: '1', doc: 'Share of held-out rows with the flag', better: 'lower' },
} as const satisfies Record<string, MetricSpec>;

/** What `numberMetrics` measures of numbers, in the unit of the target. */
export function numberMetricSpecs<const Unit extends string>(unit: Unit) {
  return {
    meanAbsoluteError: { unit, doc: 'Mean distance of a held-out row from what is predicted', better: 'lower' },
    rootMeanSquare: { unit, doc: 'Root of the mean squared distance', better: 'lower' },
    explained: {
      unit: '1',
      doc: "Share of the absolute error of the training part's mean that the model saves",
      better: 'higher',
    },
  } as const satisfies Record<string, MetricSpec>;
}

interface Measured<Metric extends string> {
  readonly metrics: Readonly<Record<Metric, number>>;
  readonly losses: readonly GroupLosses[];
}

/** Of probabilities against flags 0 and 1, of which both occur. */
export function flagMetrics({ predicted, observed, mean }: RowScores): Measured<keyof typeof flagMetricSpecs> {
  const trials = new Float64Array(observed.length).fill(1);
  const scores = { probability: predicted, successes: observed, trials };
  const own = logLoss(scores);
  return {
    metrics: {
      logLoss: own,
      logLossGain: 1 - own / logLoss({ ...scores, probability: new Float64Array(observed.length).fill(mean) }),
      auc: areaUnderRoc(scores),
      calibrationRatio: calibrationRatio(scores),
      baseRate: baseRate(scores),
    },
    losses: [{ metric: 'logLoss', loss: observed.map((y, i) => rowLogLoss(predicted[i]!, y, 1)), weight: trials }],
  };
}

/** Of numbers against numbers that are not all equal. */
export function numberMetrics({
  predicted,
  observed,
  mean,
}: RowScores): Measured<keyof ReturnType<typeof numberMetricSpecs>> {
  const rows = observed.length;
  const loss = observed.map((y, i) => Math.abs(predicted[i]! - y));
  const own = sum(loss) / rows;
  return {
    metrics: {
      meanAbsoluteError: own,
      rootMeanSquare: Math.sqrt(sum(loss.map((one) => one ** 2)) / rows),
      explained: 1 - own / (sum(observed.map((y) => Math.abs(mean - y))) / rows),
    },
    losses: [{ metric: 'meanAbsoluteError', loss, weight: new Float64Array(rows).fill(1) }],
  };
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
