import type { Actor, ModelRef } from '@haat/kit';

/** A content-addressed file of training data: the SHA-256 of its bytes, in hex, is its name in the artifact store. */
export interface SnapshotRef {
  readonly digest: string;
  readonly rows: number;
  /** Latest event time that the snapshot may contain, ISO 8601. */
  readonly asOf: string;
  /** Revision of the domain's data that it was taken at. */
  readonly revision: number;
}

/** A trained artifact that is stored but not registered yet. */
export interface CandidateRef {
  readonly digest: string;
  readonly bytes: number;
}

export type Metrics = Readonly<Record<string, number>>;

/** Difference candidate - champion of one held-out loss, with the 95 % interval of a paired bootstrap over groups. */
export interface Comparison {
  readonly metric: string;
  readonly championVersion: number;
  readonly candidate: number;
  readonly champion: number;
  readonly difference: number;
  readonly low: number;
  readonly high: number;
}

export interface EvaluationReport {
  readonly metrics: Metrics;
  /** What was held out: digest over its rows, number of rows and of groups (products). The same data give the same digest. */
  readonly heldOut: { readonly digest: string; readonly rows: number; readonly groups: number };
  readonly comparisons: readonly Comparison[];
}

export interface GateResult {
  readonly gate: string;
  readonly passed: boolean;
  /** What was measured against what was asked, for people. */
  readonly evidence: string;
}

export type RunState = 'queued' | 'running' | 'completed' | 'failed' | 'cancelled';

export const trainSteps = ['snapshot', 'fit', 'evaluate', 'gates', 'register', 'approve', 'promote'] as const;
export type TrainStep = (typeof trainSteps)[number];

/**
 * Where a run is: its step, the share of that step that is done in [0, 1] where known, and a word for people. The run's row
 * is the one place that holds it; the steps write it.
 */
export interface RunProgress {
  readonly step: TrainStep;
  readonly fraction: number | null;
  readonly message: string;
}

/** Options of a training run, as JSON. `model` holds the model's own options (validated against its definition). */
export interface TrainOptions {
  /** Bound of event time, ISO 8601. */
  readonly asOf: string;
  readonly seed: number;
  readonly model: Readonly<Record<string, unknown>>;
  /** `when-approved` asks people also where the model's policy does not; nothing spares asking where it does. */
  readonly promote: 'when-gates-pass' | 'when-approved' | 'never';
}

export interface TrainInput {
  readonly runId: string;
  /** Name of the model, `domain/model`; its card lives in the registry under the same name. */
  readonly model: string;
  readonly options: TrainOptions;
  /** Who started the run; absent in runs of earlier days. */
  readonly actor?: RunActor;
}

/** Who did something, and from where, as the audit trail names it. */
export type RunActor = Pick<Actor, 'subject' | 'origin'>;

/** What the model's policy, the run's options and its gates say of promotion. */
export type PromotionTerms =
  | { readonly promote: 'now' | 'not-asked' | 'gates-not-passed' }
  | { readonly promote: 'when-approved'; readonly timeoutHours: number };

/** An operator's answer to a run that waits for one. */
export interface PromotionDecision {
  readonly state: 'approved' | 'rejected';
  readonly actor: RunActor;
  readonly reason: string;
}

/** How the waiting ended. */
export type ApprovalOutcome = PromotionDecision | { readonly state: 'expired' };

/** Whether a run promoted what it trained, or why not. */
export type PromotionOutcome = 'promoted' | 'not-asked' | 'gates-not-passed' | 'rejected' | 'expired';

export interface TrainResult {
  readonly ref: ModelRef;
  readonly metrics: Metrics;
  readonly gates: readonly GateResult[];
  readonly promoted: boolean;
  /** Absent in runs of earlier days. */
  readonly promotion?: PromotionOutcome;
}

/**
 * What the training workflow asks of the world. Every call may be repeated: results are content-addressed or keyed by
 * `runId`, so that a second call changes nothing.
 */
export interface TrainingActivities {
  /** Makes the run's row unless whoever started the run has made it. */
  openRun(call: TrainInput): Promise<void>;
  beginStep(call: { runId: string; model: string; step: TrainStep }): Promise<void>;
  snapshot(call: TrainInput): Promise<SnapshotRef>;
  fit(call: TrainInput & { snapshot: SnapshotRef }): Promise<CandidateRef>;
  evaluate(call: TrainInput & { snapshot: SnapshotRef; candidate: CandidateRef }): Promise<EvaluationReport>;
  gates(call: TrainInput & { evaluation: EvaluationReport }): Promise<readonly GateResult[]>;
  register(
    call: TrainInput & {
      snapshot: SnapshotRef;
      candidate: CandidateRef;
      evaluation: EvaluationReport;
      gates: readonly GateResult[];
    },
  ): Promise<ModelRef>;
  promotionTerms(call: TrainInput & { gates: readonly GateResult[] }): Promise<PromotionTerms>;
  /** Asks people whether the version may be promoted. */
  askApproval(call: { runId: string; ref: ModelRef; timeoutHours: number }): Promise<void>;
  /** The answer that counts: an operator's where one came in time, else that the time is over. */
  closeApproval(call: { runId: string; model: string }): Promise<ApprovalOutcome>;
  promote(call: { runId: string; ref: ModelRef; actor?: RunActor; reason?: string }): Promise<void>;
  completeRun(call: { runId: string; result: TrainResult }): Promise<void>;
  failRun(call: {
    runId: string;
    model: string;
    state: 'failed' | 'cancelled';
    code: string;
    message: string;
  }): Promise<void>;
}

/** Task queues by kind of work. */
export const taskQueues = { control: 'control', train: 'train', backfill: 'backfill' } as const;
