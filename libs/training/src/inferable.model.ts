import type { ContentHolds, ModelRegistry, RunCheckpoints, RunLog } from '@haat/data-access';
import type { ModelDefinition, ModelRef, SkewReport } from '@haat/kit';
import type { Metrics, SnapshotRef } from '@haat/workflows';
import type { DayStream } from './day.stream.ts';

/** All that a run of inference computes from. */
export interface InferenceOf {
  readonly runId: string;
  readonly ref: ModelRef;
  readonly snapshot: SnapshotRef;
  readonly seed: number;
  /** The model's own options, with their defaults. */
  readonly options: Readonly<Record<string, unknown>>;
  /** What the champion's artifact holds: for a sampler its parameters. */
  readonly context: unknown;
}

/** What an answer that is kept was computed from. */
export interface KeptInference {
  readonly ref: ModelRef;
  readonly snapshot: Pick<SnapshotRef, 'digest' | 'asOf' | 'revision'>;
}

/** A run whose problem is stated again. */
export type RestatedInference = Pick<InferenceOf, 'runId' | 'ref' | 'options' | 'context'> & {
  readonly snapshot: KeptInference['snapshot'];
  readonly chains: number;
};

/** A model whose answers are computed by runs, in chains: what it gives for that, and where its domain keeps runs and versions. */
export interface InferableModel {
  readonly definition: Pick<ModelDefinition, 'name' | 'inference' | 'dayTables'>;
  /** URL of the module that exports the chain, a `ForkedFit` by the model's name; its process loads it. */
  readonly module: string;
  /** Writes what was observed up to `asOf` to a file. The same facts give the same bytes. */
  state(
    asOf: Date,
    options: Readonly<Record<string, unknown>>,
    file: string,
  ): Promise<{ readonly rows: number; readonly revision: number }>;
  /** Writes what a run that is kept was computed from again, from what was known then. Errors: the domain's, where that is kept no more. */
  restate(run: RestatedInference, file: string): Promise<{ readonly rows: number }>;
  /** How it takes in days that come one after the other; absent: it does not. */
  readonly days?: DayStream;
  /** One answer of what all chains gave, kept in the domain: all or nothing, and twice the same. */
  pool(run: InferenceOf, problemFile: string, chains: readonly Uint8Array[]): Promise<Metrics>;
  /** What a run kept. Errors: the domain's, where it kept nothing, or keeps it no more. */
  kept(runId: string): Promise<KeptInference>;
  /**
   * How what all chains gave differs from what the run kept, of those for whom it answers; nothing is kept. Examples go by the run's id, and name nobody whom the answer is about.
   */
  compare(run: InferenceOf, problemFile: string, chains: readonly Uint8Array[]): Promise<SkewReport>;
  readonly registry: ModelRegistry;
  readonly runs: RunLog;
  readonly holds: ContentHolds;
  readonly checkpoints: RunCheckpoints;
}

/** Options of one chain, as its process gets them. */
export interface ChainOptions {
  readonly chain: number;
  /** How many there are. */
  readonly chains: number;
  readonly context: unknown;
  readonly model: Readonly<Record<string, unknown>>;
}
