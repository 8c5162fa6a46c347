import type { DomainError, SkewReport } from '@haat/kit';
import type { Metrics } from './train.contract.ts';

/** The metrics of a replay that came out the same: rows, how many differ, and the share of each value. */
export function replayMetrics({ rows, differing, shares }: SkewReport): Metrics {
  return { rows, differing, ...shares };
}

/** The report of a replay that came out the same, of its metrics. */
export function reportOfMetrics({ rows = 0, differing = 0, ...shares }: Metrics): SkewReport {
  return { rows, differing, skew: [], shares };
}

/** The report of a replay that came out otherwise, of its failure; undefined for any other failure. */
export function reportOfFailure({ code, details }: DomainError): SkewReport | undefined {
  return code === 'REPLAY_DIFFERS' ? (details['report'] as SkewReport) : undefined;
}
