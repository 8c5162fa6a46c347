import type { Batch } from '@haat/kit';
import type { ArtifactMetadata, Encode } from './artifact.ts';
import { digestOf, readMetadata } from './artifact.file.ts';
import { GraphSession } from './graph.session.ts';
import { replayGolden } from './golden.replay.ts';
import { checkSignature } from './model.signature.ts';
import { RunQueue } from './run.queue.ts';
import { runtimeError } from './runtime.errors.ts';

/** Output name -> the rows' numbers, row-major. */
export type ModelOutputs = Readonly<Record<string, Float32Array | Float64Array>>;

/** One run of a graph, for whoever counts them. */
export interface ModelRun {
  readonly model: string;
  readonly digest: string;
  readonly rows: number;
  readonly seconds: number;
}

/** A model that has proved itself and answers. */
export interface OpenModel<Context = unknown> {
  readonly digest: string;
  readonly metadata: ArtifactMetadata<Context>;
  /** Runs of the graph so far; the replay on opening is not counted. */
  readonly runs: number;
  /**
   * Answers for the rows of `batch`, in their order. Requests that come while the graph is busy share the next run; a
   * request of more than `serving.maxBatch` rows takes several. Numbers of an answer are finite: a request with a row that has
   * no such answer is refused whole, with the positions of these rows, and those that shared its run are answered.
   * Errors: INVALID_BATCH, MODEL_RUN_FAILED, ANSWER_NOT_FINITE, MODEL_CLOSED.
   */
  run(batch: Batch): Promise<ModelOutputs>;
  /** Answers what it was asked, then frees the graph; so does letting go of the model, some time later. */
  close(): Promise<void>;
}

export interface OpenOptions {
  /** Raw inputs of the replay cases -> columns; the same function that serving uses. */
  readonly encode: Encode;
  /** The model that the artifact should be, `domain/model`. */
  readonly expectedModel?: string;
  /** The digest by which the artifact was asked for. */
  readonly expectedDigest?: string;
  /** Called after each run. */
  readonly onRun?: (run: ModelRun) => void;
  /** Called after each run that failed. */
  readonly onRunFailed?: () => void;
}

/**
 * Loads an artifact and lets it prove that it still is itself: its digest, the graph's inputs and outputs against its card,
 * its answers to its 32 replay cases. Errors: ARTIFACT_DAMAGED, MODEL_REFUSED.
 */
export async function openModel<Context = unknown>(
  bytes: Uint8Array,
  { encode, expectedModel, expectedDigest, onRun, onRunFailed }: OpenOptions,
): Promise<OpenModel<Context>> {
  const digest = digestOf(bytes);
  if (expectedDigest !== undefined && digest !== expectedDigest) {
    throw runtimeError('ARTIFACT_DAMAGED', `Artifact: expected digest ${expectedDigest}, got ${digest}`, {
      expected: expectedDigest,
      got: digest,
    });
  }
  const metadata = readMetadata<Context>(bytes);
  const { name } = metadata.card;
  if (expectedModel !== undefined && name !== expectedModel) {
    throw runtimeError('MODEL_REFUSED', `Artifact: expected model ${expectedModel}, got ${name}`, {
      expected: expectedModel,
      got: name,
    });
  }
  checkSignature(bytes, metadata.card);
  const session = await GraphSession.open(bytes, metadata.card);
  try {
    await replayGolden(session, metadata, encode);
  } catch (refusal) {
    await session.release();
    throw refusal;
  }
  const queue = new RunQueue(
    session,
    metadata.card.serving.maxBatch,
    (rows, seconds) => onRun?.({ model: name, digest, rows, seconds }),
    onRunFailed,
  );
  return new ProvenModel(digest, metadata, queue);
}

class ProvenModel<Context> implements OpenModel<Context> {
  constructor(
    readonly digest: string,
    readonly metadata: ArtifactMetadata<Context>,
    private readonly queue: RunQueue,
  ) {
    abandoned.register(this, queue);
  }

  get runs(): number {
    return this.queue.runs;
  }

  run(batch: Batch): Promise<ModelOutputs> {
    return this.queue.run(batch);
  }

  close(): Promise<void> {
    return this.queue.close();
  }
}

/** Frees the graphs of models that nobody holds any more: ONNX Runtime's own memory is not seen by the garbage collector. */
const abandoned = new FinalizationRegistry<RunQueue>((queue) => void queue.close());
