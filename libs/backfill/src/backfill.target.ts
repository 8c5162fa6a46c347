import type { NewPrediction } from '@haat/data-access';
import type { Horizon, ModelRef } from '@haat/kit';
import type { z } from 'zod';
import type { BackfillTable } from './backfill.table.ts';

/** What a run holds on to from its first chunk to its last, however often its steps are repeated. */
export interface BackfillScope<Selection = unknown> {
  readonly runId: string;
  /** The champion when the run began: it computes all rows. */
  readonly ref: ModelRef;
  /** What may be known: its bound of event time, and the revision of the domain's data when it began. */
  readonly at: Horizon;
  readonly selection: Selection;
}

/** Keys after `after` (null: from the first), in order: up to `through`, or the first `limit` of them. */
export type KeyPage = { readonly after: string | null } & ({ readonly through: string } | { readonly limit: number });

/** Computed rows, in columns, in the order of their keys. */
export interface ComputedRows {
  readonly keys: readonly string[];
  /** One array for each varying column of the table. */
  readonly columns: Readonly<Record<string, readonly unknown[]>>;
  /** One value for each constant column. */
  readonly constants: Readonly<Record<string, unknown>>;
  /** What the model was asked and answered, as serving records it: one for each key. */
  readonly predictions: readonly NewPrediction[];
}

/**
 * What a domain gives for its rows to be backfilled: which keys are selected, page by page, and what serving says of them.
 * Chunks, transactions, before-images and undo are not its concern.
 */
export interface BackfillTarget<Selection = unknown> {
  /** `domain/model`. */
  readonly model: `${string}/${string}`;
  readonly table: BackfillTable;
  readonly selection: z.ZodType<Selection>;
  count(scope: BackfillScope<Selection>): Promise<number>;
  keys(scope: BackfillScope<Selection>, page: KeyPage): Promise<readonly string[]>;
  /** Through the domain's serving, by the version and within the horizon of the scope. A constant number of reads. */
  compute(scope: BackfillScope<Selection>, keys: readonly string[], now: Date): Promise<ComputedRows>;
}
