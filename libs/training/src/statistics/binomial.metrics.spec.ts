import { areaUnderRoc, averagePrecision, baseRate, calibrationRatio, logLoss, rowLogLoss } from './binomial.metrics.ts';
import { seededUniform } from './seeded.uniform.ts';

/** 60 rows of counts, with many equal scores and some empty rows. */
function randomScores(seed: number) {
  const uniform = seededUniform(seed);
  const trials = Array.from({ length: 60 }, () => Math.floor(uniform() * 6));
  return {
    probability: trials.map(() => (1 + Math.floor(uniform() * 9)) / 10),
    successes: trials.map((n) => Math.floor(uniform() * (n + 1))),
    trials,
  };
}

/** One entry for each trial: its score and whether it happened. */
function unrolled({ probability, successes, trials }: ReturnType<typeof randomScores>) {
  return trials.flatMap((n, i) =>
    Array.from({ length: n }, (_, k) => ({ score: probability[i]!, hit: k < successes[i]! })),
  );
}

describe.each([1, 2, 3])('binomial metrics against their definitions, one trial at a time (seed %i)', (seed) => {
  const scores = randomScores(seed);
  const trials = unrolled(scores);

  it('area under ROC counts pairs, ties as half', () => {
    let pairs = 0;
    let won = 0;
    for (const a of trials.filter(({ hit }) => hit)) {
      for (const b of trials.filter(({ hit }) => !hit)) {
        pairs += 1;
        won += a.score > b.score ? 1 : a.score === b.score ? 0.5 : 0;
      }
    }
    expect(areaUnderRoc(scores)).toBeCloseTo(won / pairs, 14);
  });

  it('average precision sums precision times gain in recall over thresholds', () => {
    const thresholds = [...new Set(trials.map(({ score }) => score))].sort((a, b) => b - a);
    const hits = trials.filter(({ hit }) => hit).length;
    let total = 0;
    let before = 0;
    for (const threshold of thresholds) {
      const taken = trials.filter(({ score }) => score >= threshold);
      const found = taken.filter(({ hit }) => hit).length;
      total += (found / taken.length) * ((found - before) / hits);
      before = found;
    }
    expect(averagePrecision(scores)).toBeCloseTo(total, 14);
  });

  it('log-loss is the mean over trials', () => {
    const sum = trials.reduce((loss, { score, hit }) => loss - Math.log(hit ? score : 1 - score), 0);
    expect(logLoss(scores)).toBeCloseTo(sum / trials.length, 14);
  });

  it('base rate and calibration ratio', () => {
    const hits = trials.filter(({ hit }) => hit).length;
    expect(baseRate(scores)).toBeCloseTo(hits / trials.length, 14);
    expect(calibrationRatio(scores)).toBeCloseTo(trials.reduce((sum, { score }) => sum + score, 0) / hits, 12);
  });
});

describe('binomial metrics at the edges', () => {
  it('a certain prediction that fails costs much, not infinity', () => {
    expect(rowLogLoss(0, 1, 1)).toBeCloseTo(-Math.log(1e-15), 10);
    expect(rowLogLoss(1, 0, 1)).toBeGreaterThan(30);
    expect(rowLogLoss(0, 0, 5)).toBeCloseTo(0, 13);
  });

  it('an AUC without successes is not a number, and reversed scores give 1 - AUC', () => {
    expect(areaUnderRoc({ probability: [0.1, 0.2], successes: [0, 0], trials: [3, 4] })).toBeNaN();
    const scores = { probability: [0.1, 0.2, 0.3], successes: [1, 0, 3], trials: [2, 5, 4] };
    const reversed = { ...scores, probability: [0.3, 0.2, 0.1] };
    expect(areaUnderRoc(scores) + areaUnderRoc(reversed)).toBeCloseTo(1, 14);
  });
});
