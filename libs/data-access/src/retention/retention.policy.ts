/** How long what grows with every answer and every backfill is kept, days. */
export interface RetentionPolicy {
  /** Predictions, from their day on: so long can an answer be replayed and its lineage be asked. */
  readonly predictionDays: number;
  /** Before-images, from the end of their backfill on: so long can it be undone. */
  readonly undoDays: number;
}

/** A day of predictions or the before-images of a backfill, and why they go or stay. */
export interface JudgedRecords {
  /** `predictions/2026-03-01`, or `before-images/` and the id of the run. */
  readonly id: string;
  /** On disk; null for before-images, which share one table. */
  readonly bytes: number | null;
  /** Null for predictions, which are not counted. */
  readonly rows: number | null;
  readonly why: string;
}

export interface JudgedRecordsWithVerdict extends JudgedRecords {
  readonly collect: boolean;
}

const DAY_MS = 86_400_000;

/** `days` before `now`. */
export const daysBefore = (now: Date, days: number): Date => new Date(now.getTime() - days * DAY_MS);
