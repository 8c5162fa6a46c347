import type { ModelRef } from '@haat/kit';

/** One served prediction, as it is kept: enough to explain and to replay it. */
export interface ServedPrediction {
  readonly id: string;
  readonly ref: ModelRef;
  readonly asOf: Date;
  /** The raw input, before features. */
  readonly input: unknown;
  readonly output: unknown;
}

/** Keeps what was served. `predictions` of one call are written together. */
export interface PredictionRecorder {
  record(predictions: readonly ServedPrediction[]): Promise<void>;
}

export interface Recording {
  readonly recorder: PredictionRecorder;
  /** A new id for one prediction. */
  readonly newId: () => string;
  /** A number in [0, 1): a prediction is recorded where it is below `share`. */
  readonly chance: () => number;
  /** Share of predictions that is recorded, in [0, 1]. */
  readonly share: number;
}
