import type { SkewReport } from '@haat/kit';
import type { ReplayInput } from './infer.contract.ts';
import type { Metrics } from './train.contract.ts';

/** Runs that look after what is served: `skew` recomputes predictions, `drift` compares what is asked with what was learned. */
export const checkKinds = ['skew', 'drift'] as const;
export type CheckKind = (typeof checkKinds)[number];

/** Options of a skew audit, as JSON. */
export interface SkewOptions {
  /** Predictions recorded from then on and before `to`, ISO 8601; null: of the 24 hours before the run starts. */
  readonly from: string | null;
  readonly to: string | null;
  /** Predictions, or inferences, to recompute at the most. */
  readonly rows: number;
  readonly seed: number;
}

/** Options of a drift profile, as JSON. */
export interface DriftOptions {
  /** YYYY-MM-DD, UTC; null: the day before the run starts. */
  readonly day: string | null;
  /** Distinct inputs, or persons, to profile at the most. */
  readonly rows: number;
  readonly seed: number;
  /** How often a day without drift may raise an alarm on any feature of the model, in (0, 1). */
  readonly falseAlarms: number;
}

export interface CheckInput<Options> {
  readonly runId: string;
  /** `domain/model`. */
  readonly model: string;
  readonly options: Options;
}
export type SkewInput = CheckInput<SkewOptions>;
export type DriftInput = CheckInput<DriftOptions>;

/** Answers that are recomputed as they were computed, by runs of inference: each replays one. */
export interface ReplayingRuns {
  readonly replays: readonly ReplayInput[];
}

export interface DriftResult {
  readonly day: string;
  /** Version of the champion whose training snapshot was compared with. */
  readonly version: number;
  /** What went in on the day, and rows of the snapshot; see the model's drift for what a row is. */
  readonly rows: number;
  readonly referenceRows: number;
  readonly drifted: readonly string[];
}

export const checkSteps = ['recompute', 'judge', 'profile'] as const;
export type CheckStep = (typeof checkSteps)[number];

/** What the checks ask of the world. Every call may be repeated: a second one changes nothing. */
export interface CheckActivities {
  /** Makes the run's row unless whoever started the run has made it. */
  openCheck(call: CheckInput<object> & { kind: CheckKind }): Promise<void>;
  beginCheckStep(call: { runId: string; model: string; step: CheckStep }): Promise<void>;
  /** Recomputes a seeded sample of the recorded answers from the offline side, or says which runs do. */
  recomputeSample(call: SkewInput & { startedAt: string }): Promise<SkewReport | ReplayingRuns>;
  /** Keeps the report with the run. Errors: SKEW_FOUND unless nothing differs, NOTHING_RECORDED where the window is empty. */
  judgeSkew(call: SkewInput & { report: SkewReport }): Promise<void>;
  /** Profiles a day's inputs against the champion's training snapshot and stores the profile. Errors: NO_REFERENCE. */
  profileDay(call: DriftInput & { startedAt: string }): Promise<DriftResult>;
  completeCheck(call: { runId: string; model: string; metrics: Metrics; result: object }): Promise<void>;
  failCheck(call: {
    runId: string;
    model: string;
    state: 'failed' | 'cancelled';
    code: string;
    message: string;
  }): Promise<void>;
}
