import type { ArtifactMetadata } from './artifact.ts';
import { digestOf, hasGraph, readMetadata } from './artifact.file.ts';
import { runtimeError } from './runtime.errors.ts';

/** One run of a model, for whoever counts them. */
export interface ModelRun {
  readonly model: string;
  readonly digest: string;
  readonly rows: number;
  readonly seconds: number;
}

/** What names the artifact that was asked for, and who hears of its runs. */
export interface Opening {
  /** The model that the artifact should be, `domain/model`. */
  readonly expectedModel?: string;
  /** The digest by which the artifact was asked for. */
  readonly expectedDigest?: string;
  /** Called after each run. */
  readonly onRun?: (run: ModelRun) => void;
  /** Called after each run that failed. */
  readonly onRunFailed?: () => void;
}

/** An artifact that has proved itself, of whatever kind. */
export interface ProvenArtifact<Context = unknown> {
  readonly digest: string;
  readonly metadata: ArtifactMetadata<Context>;
  /** Answers what it was asked, then frees what it holds. */
  close(): Promise<void>;
}

/**
 * How the artifacts of one model are opened: as a domain says it once, and everything that holds versions calls it. Lets the
 * artifact prove that it still is itself. Errors: ARTIFACT_DAMAGED, MODEL_REFUSED.
 */
export type OpenArtifact<Open extends ProvenArtifact> = (bytes: Uint8Array, opening?: Opening) => Promise<Open>;

/**
 * The first part of every proof: the bytes are those that were asked for, of the model that was asked for, and of its form
 * (`graph`: whether it is served as a graph). Errors: ARTIFACT_DAMAGED, MODEL_REFUSED.
 */
export function identify<Context>(
  bytes: Uint8Array,
  { expectedModel, expectedDigest }: Opening,
  graph: boolean,
): Pick<ProvenArtifact<Context>, 'digest' | 'metadata'> {
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
  if (hasGraph(bytes) !== graph) {
    const [expected, got] = graph ? ['a graph', 'parameters alone'] : ['parameters alone', 'a graph'];
    throw runtimeError('MODEL_REFUSED', `Model ${name}: expected ${expected}, got ${got}`, { model: name });
  }
  return { digest, metadata };
}
