import type { Horizon, ModelRef } from '@haat/kit';

/** What one run inferred, as a whole. */
export interface Inference extends Horizon {
  readonly run: string;
  readonly ref: ModelRef;
  /** Digest of the file that holds all that was observed. */
  readonly factsDigest: string;
  /** YYYY-MM-DD. */
  readonly firstDay: string;
  readonly days: number;
  readonly seed: number;
  readonly chains: number;
  readonly sweeps: number;
}

/** What was inferred of one person; each list is by day of the window. */
export interface PersonRisk {
  readonly personId: string;
  readonly inference: Inference;
  /** P(E or I) on the last day. */
  readonly risk: number;
  /** P(E), P(I), P(R). */
  readonly exposed: readonly number[];
  readonly infectious: readonly number[];
  readonly removed: readonly number[];
  /** Monte-Carlo standard error of P(E or I). */
  readonly error: readonly number[];
  readonly rHat: number;
  readonly effectiveSamples: number;
}

/** One possible source of a person's infection, as it was kept. */
export interface KeptSource {
  /** Pseudonym of who would have infected; null: from outside the contacts. */
  readonly from: string | null;
  /** Day of the contact, YYYY-MM-DD; null: before the window. */
  readonly day: string | null;
  /** P(infected, and by this source). */
  readonly probability: number;
}

/** One person to test, as an inference chose it; see the model's `testAllocation`. */
export interface TestChoice {
  /** P(positive). */
  readonly positive: number;
  /** Infections at first hand that it is expected to avert, beside those that the tests before it avert. */
  readonly averted: number;
  /** What its result alone is expected to tell of the person, nat. */
  readonly information: number;
}

/** Tests of one kind that are chosen at the most. */
export const MOST_CHOICES = 500;

/** Tests of one kind, the most urgent first: the first n are the choice of n. */
export interface KindChoices {
  /** Position in `testKinds`. */
  readonly kind: number;
  /** Persons by their position. */
  readonly choices: readonly (TestChoice & { readonly person: number })[];
}

/** What an inference chose for one kind, with the pseudonyms of persons. */
export interface ChosenTests {
  readonly inference: Inference;
  readonly choices: readonly (TestChoice & { readonly personId: string })[];
}
