import type { ModelRef } from '@haat/kit';
import type { RiskParameters } from './risk.parameters.ts';

/** What came of one policy in one outbreak. */
export interface PolicyOutcome {
  readonly policy: string;
  readonly seed: number;
  /** Share of persons infected up to the last day. */
  readonly infected: number;
  /** Days that persons were kept apart, all together. */
  readonly quarantineDays: number;
  readonly tests: number;
  readonly positive: number;
}

/** What one run of a simulation lets meet what, from its beginning on. */
export interface PlannedPolicies {
  readonly run: string;
  /** The version whose parameters the disease has. */
  readonly ref: ModelRef;
  readonly parameters: RiskParameters;
  /** As they were checked, with their defaults. */
  readonly options: Readonly<Record<string, unknown>>;
  /** First seed, and how many there are. */
  readonly seed: number;
  readonly seeds: number;
}
