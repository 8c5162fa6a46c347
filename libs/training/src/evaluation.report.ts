import type { Comparison, EvaluationReport } from '@haat/workflows';
import { pairedBootstrap } from './statistics/paired.bootstrap.ts';
import type { Evaluation } from './trainer.ts';
import { trainingError } from './training.errors.ts';

/** The champion, evaluated on the candidate's held-out part. */
export interface ChampionEvaluation {
  readonly version: number;
  readonly evaluation: Evaluation;
}

/**
 * What a candidate measured, beside the champion where there is one: each loss that the evaluation gives by group is compared
 * by a paired bootstrap over groups. Errors: NOT_COMPARABLE when the held-out parts differ.
 */
export function evaluationReport(
  candidate: Evaluation,
  champion: ChampionEvaluation | null,
  seed: number,
): EvaluationReport {
  const { metrics, heldOut } = candidate;
  if (champion === null) return { metrics, heldOut, comparisons: [] };
  const against = champion.evaluation;
  if (against.heldOut.digest !== heldOut.digest) {
    throw trainingError(
      'NOT_COMPARABLE',
      `Champion v${champion.version}: expected held-out part ${heldOut.digest}, got ${against.heldOut.digest}`,
    );
  }
  const comparisons = candidate.losses.flatMap((losses): Comparison[] => {
    const other = against.losses.find(({ metric }) => metric === losses.metric);
    if (other === undefined) return [];
    return [{ metric: losses.metric, championVersion: champion.version, ...pairedBootstrap(losses, other, { seed }) }];
  });
  return { metrics, heldOut, comparisons };
}
