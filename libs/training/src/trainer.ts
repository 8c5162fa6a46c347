import type { ModelDefinition, OptionsOf } from '@haat/kit';
import type { Checkpoints } from './network/checkpoints.ts';

/** What a fit reports while it works: share done in [0, 1] where known, and a word for people. */
export interface FitProgress {
  readonly fraction: number | null;
  readonly message: string;
  /** What the words say, for programs. */
  readonly figures?: Readonly<Record<string, number>>;
}

export interface FitContext {
  readonly seed: number;
  readonly dataset: { readonly digest: string; readonly rows: number; readonly asOf: string };
  readonly report: (progress: FitProgress) => void;
  /** Aborted on cancel; a fit looks at it between iterations. */
  readonly signal: AbortSignal;
  /** Where the fit may keep what it goes on from when it is interrupted; nowhere where absent. */
  readonly checkpoints?: Checkpoints;
}

/**
 * Held-out losses by group (a product, say), so that two models can be compared by a paired bootstrap over groups.
 * `loss[g]` is the sum over the group's observations and `weight[g]` their number; groups are in the same order for every
 * model that is evaluated on the same data.
 */
export interface GroupLosses {
  readonly metric: string;
  readonly loss: Float64Array;
  readonly weight: Float64Array;
}

export interface Evaluation {
  readonly metrics: Readonly<Record<string, number>>;
  readonly heldOut: { readonly digest: string; readonly rows: number; readonly groups: number };
  readonly losses: readonly GroupLosses[];
}

/**
 * How one model is trained: the same functions run in the forked process of a Temporal activity and in `--local` commands.
 * `Source` is where facts come from (a repository, or a folder of files); `Data` is the snapshot read back, in columns.
 */
export interface Trainer<D extends ModelDefinition = ModelDefinition, Source = unknown, Data = unknown> {
  readonly definition: D;
  /**
   * Writes the facts that are known now, bounded by `asOf` (event time), to a Parquet file, sorted, and answers the revision of
   * the data that bounds them as well; the same facts give the same bytes.
   */
  snapshot(source: Source, asOf: Date, file: string): Promise<{ rows: number; revision: number }>;
  read(file: string): Promise<Data>;
  /** Returns the artifact's bytes. The held-out part is never looked at. */
  fit(data: Data, options: OptionsOf<D>, context: FitContext): Promise<Uint8Array>;
  /** Serves the held-out part with the artifact, as it would be served, and measures. */
  evaluate(artifact: Uint8Array, data: Data): Promise<Evaluation>;
}

/**
 * What runs in a process of its own: from a file to bytes, by options, with progress, cancel and checkpoints. A trainer's fit is
 * one, and so is a chain of a sampler.
 */
export interface ForkedFit {
  readonly definition: Pick<ModelDefinition, 'name' | 'options'>;
  read(file: string): Promise<unknown>;
  fit(data: unknown, options: unknown, context: FitContext): Promise<Uint8Array>;
}
