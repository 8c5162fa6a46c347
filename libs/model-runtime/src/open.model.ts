import type { Batch } from '@haat/kit';
import type { ArtifactMetadata, Encode } from './artifact.ts';
import { identify, type OpenArtifact, type Opening, type ProvenArtifact } from './artifact.proof.ts';
import { GraphSession } from './graph.session.ts';
import { replayGolden } from './golden.replay.ts';
import type { ModelOutputs } from './model.outputs.ts';
import { checkSignature } from './model.signature.ts';
import { RunQueue } from './run.queue.ts';

/** A graph that has proved itself and answers; letting go of it frees it as `close` does, some time later. */
export interface OpenModel<Context = unknown> extends ProvenArtifact<Context> {
  /** Runs of the graph so far; the replay on opening is not counted. */
  readonly runs: number;
  /**
   * Answers for the rows of `batch`, in their order. Requests that come while the graph is busy share the next run; a
   * request of more than `serving.maxBatch` rows takes several. Numbers of an answer are finite: a request with a row that has
   * no such answer is refused whole, with the positions of these rows, and those that shared its run are answered.
   * Errors: INVALID_BATCH, MODEL_RUN_FAILED, ANSWER_NOT_FINITE, MODEL_CLOSED.
   */
  run(batch: Batch): Promise<ModelOutputs>;
}

export interface OpenOptions extends Opening {
  /** Raw inputs of the replay cases -> columns; the same function that serving uses. */
  readonly encode: Encode;
}

/**
 * Loads an artifact and lets it prove that it still is itself: its digest, the graph's inputs and outputs against its card,
 * its answers to its 32 replay cases. Errors: ARTIFACT_DAMAGED, MODEL_REFUSED.
 */
export async function openModel<Context = unknown>(
  bytes: Uint8Array,
  { encode, onRun, onRunFailed, ...asked }: OpenOptions,
): Promise<OpenModel<Context>> {
  const { digest, metadata } = identify<Context>(bytes, asked, true);
  const { name } = metadata.card;
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

/** How the artifacts of one served graph are opened. */
export function graphArtifacts<Context>(encode: Encode): OpenArtifact<OpenModel<Context>> {
  return (bytes, opening = {}) => openModel<Context>(bytes, { ...opening, encode });
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
