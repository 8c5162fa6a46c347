import type { MetricOf } from '@haat/kit';
import {
  areaUnderRoc,
  averagePrecision,
  baseRate,
  calibrationRatio,
  digestOfRows,
  heldOutByGroup,
  logLoss,
  rowLogLoss,
  type Evaluation,
} from '@haat/training';
import { packagingError } from '../contract/index.ts';
import type { DamageModel } from '../model/index.ts';
import { takeSide, type DamageData } from './damage.data.ts';

/** Share of the products that no fit ever sees. */
const heldOutShare = 0.2;

/** The two sides of a snapshot, split by product: the same product is on the same side in every snapshot. */
export function splitByProduct(data: DamageData): { training: DamageData; heldOut: DamageData; digest: string } {
  const side = heldOutByGroup(data.facts.id, heldOutShare);
  const heldOut = takeSide(data, side, 1);
  return { training: takeSide(data, side, 0), heldOut, digest: digestOfRows(countRows(heldOut)) };
}

/** One line of text for each product and package: what the digest of a held-out part is made of. */
function* countRows({ facts, catalogue, counts }: DamageData): Generator<string> {
  for (let r = 0; r < counts.rows; r++) {
    const product = facts.id[counts.product[r]!]!;
    const { code } = catalogue.types[counts.package[r]!]!;
    yield JSON.stringify([product, code, counts.shipments[r], counts.damages[r]]);
  }
}

/** Damage rate of each package over all products, with one damage in a hundred shipments added: the simplest model, [K]. */
export function packageMeans({ catalogue, counts }: DamageData): Float64Array {
  const shipments = new Float64Array(catalogue.types.length).fill(100);
  const damages = new Float64Array(catalogue.types.length).fill(1);
  for (let r = 0; r < counts.rows; r++) {
    shipments[counts.package[r]!]! += counts.shipments[r]!;
    damages[counts.package[r]!]! += counts.damages[r]!;
  }
  return damages.map((count, j) => count / shipments[j]!);
}

/**
 * Measures probabilities [products, K], row-major, on the counts of a held-out part. `means` are the training part's.
 * Errors: TOO_LITTLE_HISTORY when nothing, or everything, that was held out is damaged.
 */
export function evaluateDamage(
  probability: Float64Array,
  heldOut: DamageData,
  means: Float64Array,
  digest: string,
): Evaluation {
  const { counts, facts, catalogue } = heldOut;
  const packages = catalogue.types.length;
  const shipped = counts.shipments.reduce((a, b) => a + b, 0);
  const damaged = counts.damages.reduce((a, b) => a + b, 0);
  if (damaged === 0 || damaged === shipped) {
    throw packagingError(
      'TOO_LITTLE_HISTORY',
      `Held-out part of packaging/damage: expected damaged and whole shipments, got ${damaged} and ${shipped - damaged} of ${facts.rows} products`,
      { damaged, whole: shipped - damaged, products: facts.rows },
    );
  }
  const predicted = Float64Array.from(
    counts.product,
    (product, r) => probability[product * packages + counts.package[r]!]!,
  );
  const scores = { probability: predicted, successes: counts.damages, trials: counts.shipments };
  const ownLogLoss = logLoss(scores);
  const meanLogLoss = logLoss({ ...scores, probability: Float64Array.from(counts.package, (j) => means[j]!) });
  const metrics: Record<MetricOf<DamageModel>, number> = {
    logLoss: ownLogLoss,
    logLossGain: 1 - ownLogLoss / meanLogLoss,
    auc: areaUnderRoc(scores),
    averagePrecision: averagePrecision(scores),
    baseRate: baseRate(scores),
    calibrationRatio: calibrationRatio(scores),
    ordinalityViolations: ordinalityViolations(probability, packages),
  };
  const loss = new Float64Array(facts.rows);
  const weight = new Float64Array(facts.rows);
  for (let r = 0; r < counts.rows; r++) {
    loss[counts.product[r]!]! += rowLogLoss(predicted[r]!, counts.damages[r]!, counts.shipments[r]!);
    weight[counts.product[r]!]! += counts.shipments[r]!;
  }
  return {
    metrics,
    heldOut: { digest, rows: counts.rows, groups: facts.rows },
    losses: [{ metric: 'logLoss', loss, weight }],
  };
}

/** Share of adjacent pairs where the more protective package has the higher probability, whatever the excess. */
export function ordinalityViolations(probability: ArrayLike<number>, packages: number): number {
  const rows = probability.length / packages;
  let violations = 0;
  for (let i = 0; i < rows; i++) {
    for (let j = 1; j < packages; j++) {
      violations += Number(probability[i * packages + j]! > probability[i * packages + j - 1]!);
    }
  }
  return violations / (rows * (packages - 1));
}
