import type { GroupLosses } from '../trainer.ts';
import { trainingError } from '../training.errors.ts';
import { seededUniform } from './seeded.uniform.ts';

export interface PairedDifference {
  readonly candidate: number;
  readonly champion: number;
  /** candidate - champion, with the bounds of the 95 % interval. */
  readonly difference: number;
  readonly low: number;
  readonly high: number;
}

/**
 * The difference of two mean losses on the same held-out groups, with the percentile interval of a bootstrap that draws whole
 * groups, the same ones for both models (Efron and Tibshirani 1993, ch. 13). Errors: NOT_COMPARABLE.
 */
export function pairedBootstrap(
  candidate: GroupLosses,
  champion: GroupLosses,
  { seed, draws = 2000, level = 0.95 }: { seed: number; draws?: number; level?: number },
): PairedDifference {
  const groups = candidate.loss.length;
  const comparable =
    candidate.metric === champion.metric &&
    groups === champion.loss.length &&
    candidate.weight.every((weight, g) => weight === champion.weight[g]);
  if (!comparable || groups === 0) {
    throw trainingError(
      'NOT_COMPARABLE',
      `Paired bootstrap of ${candidate.metric}: expected the same held-out groups for both models, got ${groups} and ${champion.loss.length}`,
    );
  }
  const gap = candidate.loss.map((loss, g) => loss - champion.loss[g]!);
  const uniform = seededUniform(seed);
  const differences = new Float64Array(draws);
  for (let draw = 0; draw < draws; draw++) {
    let loss = 0;
    let weight = 0;
    for (let k = 0; k < groups; k++) {
      const g = Math.floor(uniform() * groups);
      loss += gap[g]!;
      weight += candidate.weight[g]!;
    }
    differences[draw] = loss / weight;
  }
  differences.sort();
  const at = (share: number) => differences[Math.min(draws - 1, Math.max(0, Math.round(share * (draws - 1))))]!;
  return {
    candidate: mean(candidate),
    champion: mean(champion),
    difference: mean({ ...candidate, loss: gap }),
    low: at((1 - level) / 2),
    high: at((1 + level) / 2),
  };
}

function mean({ loss, weight }: GroupLosses): number {
  return loss.reduce((a, b) => a + b, 0) / weight.reduce((a, b) => a + b, 0);
}
