import type { OutbreakOptions } from '@haat/simulators';

/** Nothing is done. */
interface NoPolicy {
  readonly kind: 'none';
}

/** Who reports symptoms is tested; who is positive is kept apart. */
interface SymptomPolicy {
  readonly kind: 'symptoms';
  /** Days of being kept apart. */
  readonly quarantineDays: number;
}

/** The same, and whom a positive person met lately is kept apart too, tested with what tests are left. */
interface TracingPolicy {
  readonly kind: 'tracing';
  readonly quarantineDays: number;
  /** Days of contacts that are traced. */
  readonly lookBack: number;
  /** 1: contacts; 2: theirs too. */
  readonly depth: number;
}

/**
 * Risk as published (Herbrich, Rastogi, Vollgraf, arXiv 2006.04942, section 5.2 and its code): so many sweeps a day from yesterday's state, all counted, states
 * and not laws; ten times the rate from outside; reports choose tests and are no evidence. Tests that are left go to the highest risk among
 * who is not kept apart.
 */
interface PublishedPolicy {
  readonly kind: 'published';
  readonly sweeps: number;
  /** Kept apart above this P(E or I), for so many days, or until P(S or R) is above `release`. */
  readonly isolate: number;
  readonly release: number;
  readonly quarantineDays: number;
}

/** Risk with reports as evidence; kept apart is, each day anew, who is probably infectious today; tests that are left go where they avert most. */
interface RiskPolicy {
  readonly kind: 'risk';
  /** Sweeps a day before any counts, and those that do, at least two. */
  readonly warmUp: number;
  readonly sweeps: number;
  /** Kept apart above this P(I today). */
  readonly isolate: number;
  /** Days to come that count in choosing tests. */
  readonly horizon: number;
}

/** What is done about an outbreak: plain data. */
export type PolicySetting = NoPolicy | SymptomPolicy | TracingPolicy | PublishedPolicy | RiskPolicy;

/** Which policies meet which outbreaks. */
export interface PolicyExperiment {
  /** The world, but for its seed. */
  readonly world: Omit<OutbreakOptions, 'seed'>;
  /** First day on which anything is done. */
  readonly start: number;
  /** Tests a day, and their kind. */
  readonly capacity: number;
  readonly kind: number;
  readonly seeds: readonly number[];
  /** By name. */
  readonly policies: Readonly<Record<string, PolicySetting>>;
}

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
