import type { FeatureSpec } from '@haat/kit';
import type { DriftedFeature } from '@haat/data-access';
import type { ProfiledRows } from '../monitored.model.ts';
import { binnedSample } from './binned.sample.ts';
import { binLabels, binOfRows, binsIn, binsOf, type Bins } from './column.bins.ts';
import { stabilityOf, type Stability } from './population.stability.ts';

/**
 * Compares the features of a day with those of the reference, one by one. `falseAlarms` is the chance that a day without
 * drift raises an alarm on any of them: each of the two tests of a feature (its values, and whether it is missing) gets its
 * even part of it (Bonferroni).
 */
export function profileOf(
  features: Readonly<Record<string, FeatureSpec>>,
  reference: ProfiledRows,
  served: ProfiledRows,
  falseAlarms: number,
): DriftedFeature[] {
  const names = Object.keys(features);
  const alarm = falseAlarms / (2 * names.length);
  return names.map((feature) => {
    const spec = features[feature]!;
    const bins = binsOf(reference.columns[feature]!, spec);
    const [before, after] = [binned(reference, feature, spec, bins), binned(served, feature, spec, bins)];
    const values = stabilityOf(before.values, after.values, alarm);
    const presence = stabilityOf(before.presence, after.presence, alarm);
    const exceeds = ({ psi, threshold }: Stability) => threshold !== null && psi > threshold;
    return {
      feature,
      psi: values.psi,
      threshold: values.threshold,
      missingShare: after.missingShare,
      referenceMissingShare: before.missingShare,
      drifted: exceeds(values) || exceeds(presence),
      bins: { labels: binLabels(bins), reference: before.shares, served: after.shares },
    };
  });
}

/** A feature of one sample: its values, and whether it has one. */
function binned({ rows, columns, groups }: ProfiledRows, feature: string, spec: FeatureSpec, bins: Bins) {
  const binOf = binOfRows(bins, columns[feature]!, spec);
  const values = binnedSample(binOf, binsIn(bins), groups);
  const presence = binnedSample(
    binOf.map((bin) => Number(bin >= 0)),
    2,
    groups,
  );
  const share = (count: number) => count / Math.max(1, rows);
  return { values, presence, missingShare: share(presence.counts[0]!), shares: Array.from(values.counts, share) };
}
