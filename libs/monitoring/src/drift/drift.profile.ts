import type { Batch, FeatureSpec } from '@haat/kit';
import type { DriftedFeature } from '@haat/data-access';
import { binLabels, binsOf, countInBins } from './column.bins.ts';
import { stabilityOf } from './population.stability.ts';

/**
 * Compares the features of a day with those of the reference, one by one. `falseAlarms` is the chance that a day without
 * drift raises an alarm on any of them: each of the two tests of a feature (its values, and whether it is missing) gets its
 * even part of it (Bonferroni).
 */
export function profileOf(
  features: Readonly<Record<string, FeatureSpec>>,
  reference: Batch,
  served: Batch,
  falseAlarms: number,
): DriftedFeature[] {
  const names = Object.keys(features);
  const alarm = falseAlarms / (2 * names.length);
  return names.map((feature) => {
    const spec = features[feature]!;
    const bins = binsOf(reference.columns[feature]!, spec);
    const before = countInBins(bins, reference.columns[feature]!, spec);
    const after = countInBins(bins, served.columns[feature]!, spec);
    const values = stabilityOf(before.present, after.present, alarm);
    const presence = stabilityOf(
      [before.missing, reference.rows - before.missing],
      [after.missing, served.rows - after.missing],
      alarm,
    );
    const exceeds = ({ psi, threshold }: typeof values) => threshold !== null && psi > threshold;
    const shares = (counts: Float64Array, rows: number) =>
      Array.from(counts, (count) => (rows === 0 ? 0 : count / rows));
    return {
      feature,
      psi: values.psi,
      threshold: values.threshold,
      missingShare: after.missing / Math.max(1, served.rows),
      referenceMissingShare: before.missing / Math.max(1, reference.rows),
      drifted: exceeds(values) || exceeds(presence),
      bins: {
        labels: binLabels(bins),
        reference: shares(before.present, reference.rows),
        served: shares(after.present, served.rows),
      },
    };
  });
}
