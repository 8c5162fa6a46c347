/** Probabilities of the states of one person over the days of the window. */
export interface PersonTimeline {
  /** [days, 4]: P(S), P(E), P(I), P(R) given everything observed; each row sums to one. */
  readonly probability: Float64Array;
  /** [days, 4]: Monte-Carlo standard error of each; 0 where it was enumerated. */
  readonly error: Float64Array;
}

/** Probabilities of the states of all persons on one day. */
export interface DayRisk {
  /** [persons, 4]: P(S), P(E), P(I), P(R). */
  readonly probability: Float64Array;
  /** [persons, 4]: Monte-Carlo standard error of each. */
  readonly error: Float64Array;
}

/** How far chains agree about P(E or I) on the window's last day, a value a person. */
export interface ChainAgreement {
  /** [persons]: split R-hat (Gelman et al., Bayesian Data Analysis, 3rd ed., section 11.4); 1 where nothing varies. */
  readonly rHat: Float64Array;
  /** [persons]: effective number of samples over all chains, from batch means. */
  readonly effectiveSamples: Float64Array;
}

/** One possible source of a person's infection. */
export interface InfectionSource {
  /** The person who would have infected; null: from outside the contacts. */
  readonly from: number | null;
  /** Day of the contact; of an infection from outside: the day before the first in E. Of one on the window's first day: -1. */
  readonly day: number;
  /** P(infected, and by this source). Over all sources of a person it sums to P(infected in the window). */
  readonly probability: number;
}

/** What inference says of the persons of a problem. */
export interface RiskPosterior {
  readonly persons: number;
  readonly days: number;
  readonly chains: number;
  /** Sweeps of each chain whose marginals count. */
  readonly sweeps: number;
  timeline(person: number): PersonTimeline;
  onDay(day: number): DayRisk;
  readonly agreement: ChainAgreement;
  /** The sources of infection of the persons that `explain` named, the most probable first. */
  readonly sources: ReadonlyMap<number, readonly InfectionSource[]>;
}
