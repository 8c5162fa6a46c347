import type { Horizon, ModelCard, ModelRef } from '@haat/kit';

export const modelAliases = ['champion', 'challenger', 'shadow'] as const;
export type ModelAlias = (typeof modelAliases)[number];

export type RunState = 'queued' | 'running' | 'completed' | 'failed' | 'cancelled';

/** One gate of a version: whether it passed, and what was measured against what was asked. */
export interface GateOutcome {
  readonly gate: string;
  readonly passed: boolean;
  readonly evidence: string;
}

/** What an evaluation found, as JSON; its metrics also stand beside it. */
export type EvaluationFacts = Readonly<Record<string, unknown>>;

/** A model by name, with the card of its newest declaration. */
export interface RegisteredModel {
  readonly name: string;
  readonly card: ModelCard;
  readonly updatedAt: Date;
}

export interface ModelVersion extends ModelRef {
  /** Size of the artifact. */
  readonly bytes: number;
  readonly runId: string;
  /** The card that the version was trained under. */
  readonly card: ModelCard;
  readonly metrics: Readonly<Record<string, number>>;
  readonly gates: readonly GateOutcome[];
  readonly gatesPassed: boolean;
  readonly evaluation: EvaluationFacts;
  readonly datasetDigest: string;
  readonly datasetRows: number;
  readonly asOf: Date;
  /** Revision of the domain's data that the snapshot was taken at; null for versions from before it was kept. */
  readonly dataRevision: number | null;
  readonly codeRevision: string | null;
  readonly createdAt: Date;
  /** When it was put aside; null while it may be promoted. */
  readonly archivedAt: Date | null;
  /** When its artifact or its snapshot was collected as garbage; null while both are there. */
  readonly collectedAt: Date | null;
}

export interface NewModelVersion {
  readonly model: string;
  readonly runId: string;
  readonly digest: string;
  readonly bytes: number;
  readonly card: ModelCard;
  readonly metrics: Readonly<Record<string, number>>;
  readonly gates: readonly GateOutcome[];
  readonly evaluation: EvaluationFacts;
  readonly dataset: { readonly digest: string; readonly rows: number } & Horizon;
  readonly codeRevision?: string | null;
}

/** One step of a run; `finishedAt` is null while it lasts. ISO 8601. */
export interface StepRecord {
  readonly step: string;
  readonly startedAt: string;
  readonly finishedAt: string | null;
}

export interface RunRecord {
  readonly id: string;
  readonly kind: string;
  readonly model: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly state: RunState;
  readonly step: string | null;
  /** Share of the step that is done, in [0, 1]; null where it is not known. */
  readonly fraction: number | null;
  readonly message: string | null;
  readonly steps: readonly StepRecord[];
  readonly metrics: Readonly<Record<string, number>> | null;
  readonly result: Readonly<Record<string, unknown>> | null;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly finishedAt: Date | null;
}

/** One served prediction, as JSON in and out. */
export interface NewPrediction {
  readonly input: unknown;
  readonly output: unknown;
}

/** A prediction as it was kept; its horizon bounds the facts that it was made from. */
export interface PredictionRecord extends ModelRef, Horizon {
  readonly id: string;
  readonly recordedAt: Date;
  readonly input: unknown;
  readonly output: unknown;
}
