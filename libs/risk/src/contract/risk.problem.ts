import type { RiskParameters } from './risk.parameters.ts';

/** States of the model, in the order of every array over states. */
export const riskStates = ['S', 'E', 'I', 'R'] as const;
export type RiskState = (typeof riskStates)[number];

/** Most days of a window: a time in it, the end included, is one byte. */
export const MOST_DAYS = 254;

/**
 * Contacts, a row each, in any order: on `day`, `from` exposed `to` by `count` units of `channel`. With `mutual` 1 the exposure
 * goes both ways, by the same units. Counts of the same pair, direction, day and channel add up. A contact acts from its day to the next: one
 * of the window's last day says nothing about the window.
 */
export interface ContactColumns {
  readonly rows: number;
  readonly from: Uint32Array;
  readonly to: Uint32Array;
  /** Days since the window's first day. */
  readonly day: Uint8Array;
  /** Index into `parameters.channels`. */
  readonly channel: Uint8Array;
  /** Units of contact, at least 1. */
  readonly count: Uint16Array;
  /** 1: both exposed each other. */
  readonly mutual: Uint8Array;
}

/**
 * Tests, a row each, in any order. Each row is one test, independent of the others given the person's state: two tests of one person on one day,
 * alike or contradictory, both count.
 */
export interface TestColumns {
  readonly rows: number;
  readonly person: Uint32Array;
  readonly day: Uint8Array;
  /** Index into `parameters.tests`. */
  readonly kind: Uint8Array;
  /** 1: positive. */
  readonly positive: Uint8Array;
}

/** Days on which persons reported symptoms. Two reports of a person on one day are one. */
export interface SymptomColumns {
  readonly rows: number;
  readonly person: Uint32Array;
  readonly day: Uint8Array;
}

/**
 * What is known of persons on the window's first day from the days before it: on that day `person` is in `state` (index of `riskStates`: 1, 2 or 3),
 * which it entered `age` days before, with this probability. What the rows of a person leave of one is the probability of S; a person without rows is S.
 */
export interface InitialColumns {
  readonly rows: number;
  readonly person: Uint32Array;
  readonly state: Uint8Array;
  /** Days; below the longest duration of E or I, and 0 for R. */
  readonly age: Uint8Array;
  readonly probability: Float64Array;
}

/**
 * One window of a population and all that is observed of it: what every solver and sampler takes. Persons are 0 … persons-1, days
 * 0 … days-1.
 *
 * Without `initial` everybody was S before the first day, and is E on it with the external rate of that day, else S. The external rate of
 * a later day is the probability of being E on it after being S the day before.
 */
export interface RiskProblem {
  readonly persons: number;
  readonly days: number;
  readonly parameters: RiskParameters;
  /** Region of each person, where `parameters.external` is a list; null: all are in region 0. */
  readonly region: Uint16Array | null;
  /** In pieces of any length, one after the other; read more than once, and not kept: pieces may be made as they are read, if always the same. */
  readonly contacts: Iterable<ContactColumns>;
  readonly tests: TestColumns;
  readonly symptoms: SymptomColumns;
  /** 1 for who would report symptoms (as one with the app), so that no report is evidence too; null: everybody. */
  readonly reporting: Uint8Array | null;
  readonly initial: InitialColumns | null;
}

/** Contacts as columns. */
export function contactColumns(
  rows: readonly {
    readonly from: number;
    readonly to: number;
    readonly day: number;
    readonly channel?: number;
    readonly count?: number;
    readonly mutual?: boolean;
  }[],
): ContactColumns {
  return {
    rows: rows.length,
    from: Uint32Array.from(rows, ({ from }) => from),
    to: Uint32Array.from(rows, ({ to }) => to),
    day: Uint8Array.from(rows, ({ day }) => day),
    channel: Uint8Array.from(rows, ({ channel }) => channel ?? 0),
    count: Uint16Array.from(rows, ({ count }) => count ?? 1),
    mutual: Uint8Array.from(rows, ({ mutual }) => (mutual ? 1 : 0)),
  };
}

/** Tests as columns. */
export function testColumns(
  rows: readonly {
    readonly person: number;
    readonly day: number;
    readonly kind?: number;
    readonly positive: boolean;
  }[],
): TestColumns {
  return {
    rows: rows.length,
    person: Uint32Array.from(rows, ({ person }) => person),
    day: Uint8Array.from(rows, ({ day }) => day),
    kind: Uint8Array.from(rows, ({ kind }) => kind ?? 0),
    positive: Uint8Array.from(rows, ({ positive }) => (positive ? 1 : 0)),
  };
}

/** Reports of symptoms as columns. */
export function symptomColumns(rows: readonly { readonly person: number; readonly day: number }[]): SymptomColumns {
  return {
    rows: rows.length,
    person: Uint32Array.from(rows, ({ person }) => person),
    day: Uint8Array.from(rows, ({ day }) => day),
  };
}
