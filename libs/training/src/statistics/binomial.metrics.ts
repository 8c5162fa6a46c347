/**
 * Predictions against counts: row i predicts `probability[i]` for `trials[i]` independent trials of which `successes[i]`
 * happened. Every metric weighs trials equally; rows with no trials count for nothing.
 */
export interface BinomialScores {
  readonly probability: ArrayLike<number>;
  readonly successes: ArrayLike<number>;
  readonly trials: ArrayLike<number>;
}

/** Negative log-likelihood of one row, nat. Probabilities are taken from [1e-15, 1 - 1e-15]. */
export function rowLogLoss(probability: number, successes: number, trials: number): number {
  const p = Math.min(1 - 1e-15, Math.max(1e-15, probability));
  return -successes * Math.log(p) - (trials - successes) * Math.log1p(-p);
}

/** Mean negative log-likelihood of a trial, nat. NaN without trials. */
export function logLoss({ probability, successes, trials }: BinomialScores): number {
  let loss = 0;
  let weight = 0;
  for (let i = 0; i < trials.length; i++) {
    if (trials[i] === 0) continue;
    loss += rowLogLoss(probability[i]!, successes[i]!, trials[i]!);
    weight += trials[i]!;
  }
  return loss / weight;
}

/** Predicted over observed successes. NaN or Infinity where none was observed. */
export function calibrationRatio({ probability, successes, trials }: BinomialScores): number {
  let predicted = 0;
  for (let i = 0; i < trials.length; i++) predicted += probability[i]! * trials[i]!;
  return predicted / sum(successes);
}

export function baseRate({ successes, trials }: BinomialScores): number {
  return sum(successes) / sum(trials);
}

/** P(a success scores higher than a failure) + P(equal) / 2. NaN where one kind is missing. */
export function areaUnderRoc(scores: BinomialScores): number {
  let pairs = 0;
  let failuresBelow = 0;
  let positives = 0;
  for (const { successes, failures } of byAscendingScore(scores)) {
    pairs += successes * (failuresBelow + failures / 2);
    failuresBelow += failures;
    positives += successes;
  }
  return pairs / (positives * failuresBelow);
}

/** Sum over score thresholds, from the highest, of precision times the gain in recall. NaN without successes. */
export function averagePrecision(scores: BinomialScores): number {
  const levels = byAscendingScore(scores).reverse();
  let hits = 0;
  let taken = 0;
  let total = 0;
  for (const { successes, failures } of levels) {
    hits += successes;
    taken += successes + failures;
    if (successes > 0) total += (hits / taken) * successes;
  }
  return total / hits;
}

interface Level {
  successes: number;
  failures: number;
}

/** Successes and failures at each distinct score, ascending. */
function byAscendingScore({ probability, successes, trials }: BinomialScores): Level[] {
  const order = Uint32Array.from({ length: trials.length }, (_, i) => i).sort(
    (a, b) => probability[a]! - probability[b]!,
  );
  const levels: Level[] = [];
  let last = NaN;
  for (const i of order) {
    if (trials[i] === 0) continue;
    if (probability[i] !== last) levels.push({ successes: 0, failures: 0 });
    last = probability[i]!;
    const level = levels.at(-1)!;
    level.successes += successes[i]!;
    level.failures += trials[i]! - successes[i]!;
  }
  return levels;
}

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]!;
  return total;
}
