import type { InitialColumns } from './risk.problem.ts';

/**
 * What becomes of a person in a run that goes on: it is drawn and answered for anew; it is drawn, for the sake of those near it, and its answers stay; its trajectory and its answers
 * stay as they are.
 */
export const personRoles = { answered: 0, drawn: 1, fixed: 2 } as const;

/** What a window begins with beside what was observed in it, where a run goes on from another one. Persons stand by their position. */
export interface Beginning {
  /** The run that it goes on from. */
  readonly run: string;
  /** How many runs there were before it, each going on from the one before. */
  readonly turn: number;
  /** What is known of the first day from the days before; null: nothing. */
  readonly initial: InitialColumns | null;
  /** [4, persons] of each chain: first days in E, I and R, and days in I before the window, from which chains go on. */
  readonly trajectories: readonly Uint8Array[];
  /** [persons]: what becomes of each, a value of `personRoles`. */
  readonly role: Uint8Array;
  /** Whether everybody else, who is not among the persons, keeps the answers of `run`. */
  readonly partial: boolean;
}

/** What a run leaves for the next one. Persons stand by their position in `persons`. */
export interface CarriedInference {
  readonly run: string;
  readonly turn: number;
  /** Digest of the version that inferred. */
  readonly version: string;
  readonly revision: number;
  /** YYYY-MM-DD. */
  readonly firstDay: string;
  readonly days: number;
  readonly persons: readonly string[];
  readonly initial: InitialColumns | null;
  readonly trajectories: readonly Uint8Array[];
  /** [persons, days asked for]: P(I) on the first days. */
  readonly infectious: Float32Array;
}

/** Rows that came after a revision: of whom, and how many of them were of days before the window. */
export interface ChangedRows {
  /** Pseudonyms of those whose contacts, tests or reports in the window, or who themselves, changed. */
  readonly persons: readonly string[];
  /** How many there are, without the following ones. */
  readonly rows: number;
  /** Contacts, tests and reports of days before the window. */
  readonly early: number;
}
