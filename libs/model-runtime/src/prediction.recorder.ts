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
