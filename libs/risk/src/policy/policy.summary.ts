import type { PolicyOutcome } from '../contract/index.ts';

/** A mean over seeds, and half the width of its 95 % interval (Student's t); infinite for a single seed. */
export interface SeedMean {
  readonly mean: number;
  readonly halfWidth: number;
}

/** What a policy comes to. */
export interface PolicySummary {
  readonly policy: string;
  readonly seeds: number;
  /** Share of persons ever infected. */
  readonly infected: SeedMean;
  /** Days that persons were kept apart, all together. */
  readonly quarantineDays: SeedMean;
  readonly tests: SeedMean;
}

/** Each policy over its seeds, in the order of outcomes. */
export function summarise(outcomes: readonly PolicyOutcome[]): readonly PolicySummary[] {
  return [...Map.groupBy(outcomes, ({ policy }) => policy)].map(([policy, own]) => ({
    policy,
    seeds: own.length,
    infected: seedMean(own.map(({ infected }) => infected)),
    quarantineDays: seedMean(own.map((outcome) => outcome.quarantineDays)),
    tests: seedMean(own.map(({ tests }) => tests)),
  }));
}

/** By how much a policy differs from another one on the same seeds, infected share and days kept apart: its own minus the other's. */
export function pairedDifference(
  outcomes: readonly PolicyOutcome[],
  policy: string,
  other: string,
): { readonly seeds: number; readonly infected: SeedMean; readonly quarantineDays: SeedMean } {
  const bySeed = new Map(outcomes.filter((one) => one.policy === other).map((one) => [one.seed, one]));
  const pairs = outcomes.flatMap((one) => {
    const against = bySeed.get(one.seed);
    return one.policy === policy && against ? [[one, against] as const] : [];
  });
  return {
    seeds: pairs.length,
    infected: seedMean(pairs.map(([one, against]) => one.infected - against.infected)),
    quarantineDays: seedMean(pairs.map(([one, against]) => one.quarantineDays - against.quarantineDays)),
  };
}

/** Mean of values, one a seed, and half the width of its 95 % interval. */
export function seedMean(values: readonly number[]): SeedMean {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  if (n < 2) return { mean, halfWidth: Infinity };
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  return { mean, halfWidth: studentQuantile(n - 1) * Math.sqrt(variance / n) };
}

/** Student's t at 97.5 %: exact for one and two degrees of freedom, beyond by the expansion of Abramowitz and Stegun, 26.7.5 (0.3 % at three). */
function studentQuantile(degrees: number): number {
  if (degrees === 1) return 12.7062047;
  if (degrees === 2) return 4.3026527;
  const z = 1.959963985;
  const g1 = (z ** 3 + z) / 4;
  const g2 = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96;
  const g3 = (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384;
  const g4 = (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / 92160;
  return z + g1 / degrees + g2 / degrees ** 2 + g3 / degrees ** 3 + g4 / degrees ** 4;
}
