import type { Horizon, ModelRef } from '@haat/kit';

/** One served prediction, as it is kept: the raw input, before features, and what was answered. */
export interface ServedPrediction {
  readonly input: unknown;
  readonly output: unknown;
}

/** Keeps what was served, in one write a call, and answers an id for each prediction, in order. */
export interface PredictionRecorder {
  record(ref: ModelRef, at: Horizon, predictions: readonly ServedPrediction[]): Promise<readonly string[]>;
}

/** Where predictions are recorded, and how many of them. */
export interface Recording {
  readonly recorder: PredictionRecorder;
  /** A number in [0, 1): a prediction is recorded where it is below `share`. */
  readonly chance: () => number;
  /** Share of predictions that is recorded, in [0, 1]. */
  readonly share: number;
}

/** What is to be recorded of the rows of one answer. */
export interface RecordableRows {
  readonly rows: number;
  /** Whether the row has an answer; one without is not recorded, and no chance is drawn for it. */
  readonly isAnswered: (row: number) => boolean;
  readonly predictionOf: (row: number) => ServedPrediction;
}

/**
 * Records a share of the rows of one answer, drawn by chance, in one write; none where nothing was drawn.
 * @returns the id of each row's prediction, in order; null for one that was not recorded
 */
export async function recordShare(
  { recorder, chance, share }: Recording,
  ref: ModelRef,
  at: Horizon,
  { rows, isAnswered, predictionOf }: RecordableRows,
): Promise<readonly (string | null)[]> {
  const ids = Array.from({ length: rows }, (): string | null => null);
  const drawn = [...ids.keys()].filter((row) => isAnswered(row) && chance() < share);
  if (drawn.length === 0) return ids;
  const recorded = await recorder.record(ref, at, drawn.map(predictionOf));
  drawn.forEach((row, k) => (ids[row] = recorded[k]!));
  return ids;
}
