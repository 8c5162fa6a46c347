import type { Horizon } from '@haat/kit';
import type { Beginning } from './beginning.ts';
import type { ContactColumns, SymptomColumns, TestColumns } from './risk.problem.ts';

/** Days that are looked at, as they were known: the last is the day of `asOf` in UTC. */
export interface RiskWindow extends Horizon {
  readonly days: number;
}

/** What was observed of a population in a window, in columns; persons stand by their position in `persons.id`. */
export interface RiskFacts {
  /** YYYY-MM-DD. */
  readonly firstDay: string;
  readonly days: number;
  readonly persons: {
    readonly id: readonly string[];
    readonly region: Uint16Array;
    /** 1 for who would report symptoms. */
    readonly reports: Uint8Array;
  };
  /** In pieces, read more than once; `channel` is the position in `contactChannels`. */
  readonly contacts: Iterable<ContactColumns>;
  /** `kind` is the position in `testKinds`. */
  readonly tests: TestColumns;
  readonly symptoms: SymptomColumns;
  /** Where a run goes on from another one. */
  readonly beginning?: Beginning;
}

/** Where facts of risk come from: the database, or a folder of files. The same window gives the same facts in the same order. */
export interface RiskSource {
  horizon(asOf: Date): Promise<Horizon>;
  /** Errors: NO_PERSONS. */
  facts(window: RiskWindow): Promise<RiskFacts>;
}

const DAY_MS = 86_400_000;

/** The day of a moment, YYYY-MM-DD in UTC. */
export function dayOf(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}

/** The first day of a window. */
export function firstDayOf({ asOf, days }: Pick<RiskWindow, 'asOf' | 'days'>): string {
  return dayAfter(dayOf(asOf), 1 - days);
}

/** The day that lies `days` after another. */
export function dayAfter(day: string, days: number): string {
  return dayOf(new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS));
}
