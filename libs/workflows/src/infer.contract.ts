import type { ModelRef } from '@haat/kit';
import type { CandidateRef, Metrics, RunActor, SnapshotRef } from './train.contract.ts';

/** How chains of a run of inference are drawn. */
export interface ChainsOptions {
  readonly seed: number;
  /** Independent chains, each a step of its own that any worker may take. */
  readonly chains: number;
  /** The model's own options (validated against its definition). */
  readonly model: Readonly<Record<string, unknown>>;
  /** A run whose answer is computed again, from what was known then and by its version, and compared instead of kept. */
  readonly replayOf?: string;
}

/** Options of a run of inference, as JSON. */
export interface InferOptions extends ChainsOptions {
  /** Bound of event time, ISO 8601. */
  readonly asOf: string;
  readonly replayOf?: never;
}

/** Options of a run that replays another one: those of that one beside its id. */
export interface ReplayOptions extends ChainsOptions {
  readonly replayOf: string;
}

/** Options of a run that takes a day in. */
export interface IngestOptions extends ChainsOptions {
  /** YYYY-MM-DD. */
  readonly day: string;
  /** Its files by their names (`contacts.csv`), in the store by digest. */
  readonly files: readonly DayFile[];
}

export interface DayFile {
  readonly name: string;
  readonly digest: string;
}

export interface InferInput<Options extends ChainsOptions = InferOptions> {
  readonly runId: string;
  /** `domain/model`. */
  readonly model: string;
  readonly options: Options;
  readonly actor?: RunActor;
}

/** A run that samples, of any kind. */
export type SampleInput = InferInput<ChainsOptions>;
export type IngestInput = InferInput<IngestOptions>;
export type ReplayInput = InferInput<ReplayOptions>;

/** What a run holds on to from its first step to its last: the champion when it began, and what was observed. */
export interface StatedProblem {
  readonly ref: ModelRef;
  readonly snapshot: SnapshotRef;
}

export interface InferResult extends StatedProblem {
  readonly metrics: Metrics;
}

/** What the files of a day came to. */
export interface ImportedDay {
  readonly accepted: number;
  /** Rows that were added or changed; 0 when all were there already. */
  readonly changed: number;
  readonly rejected: number;
  /** Why, of the first few. */
  readonly reasons: readonly string[];
}

/** The problem of a day, and what is told of it. */
export interface StatedDay extends StatedProblem {
  /** Whether nothing is to be inferred: all was inferred from before. */
  readonly unchanged: boolean;
  readonly metrics: Metrics;
}

export interface IngestResult extends InferResult {
  readonly imported: ImportedDay;
}

export const inferSteps = ['import', 'state', 'sample', 'pool'] as const;
export type InferStep = (typeof inferSteps)[number];

/** What inference asks of the world. Every call may be repeated: a second one changes nothing. */
export interface InferActivities {
  /** Makes the run's row unless whoever started the run has made it. */
  openInference(call: SampleInput & { kind?: 'infer' | 'ingest' }): Promise<void>;
  beginInferStep(call: { runId: string; model: string; step: InferStep }): Promise<void>;
  /** Keeps what was observed, or what a run that is replayed was computed from, as a file. Errors: NO_PARAMETERS, and the domain's own. */
  stateProblem(call: InferInput | ReplayInput): Promise<StatedProblem>;
  /** Imports the files of a day. */
  importDay(call: IngestInput): Promise<ImportedDay>;
  /** Keeps as a file what is to be inferred after a day, where it goes on from the inference before. Errors: as `stateProblem`. */
  stateDay(call: IngestInput): Promise<StatedDay>;
  /** Runs one chain in a process of its own; one that was interrupted goes on from its last checkpoint, to the same bytes. */
  runChain(call: SampleInput & StatedProblem & { chain: number }): Promise<CandidateRef>;
  /** Makes one answer of all chains and keeps it in the domain, all or nothing; of a replay says how it differs. Errors: REPLAY_DIFFERS. */
  poolChains(call: SampleInput & StatedProblem & { chains: readonly CandidateRef[] }): Promise<Metrics>;
  completeInference(call: { runId: string; result: InferResult }): Promise<void>;
  failInference(call: {
    runId: string;
    model: string;
    state: 'failed' | 'cancelled';
    code: string;
    message: string;
  }): Promise<void>;
}
