import type { DayFile, InferInput, IngestInput, ReplayInput, SampleInput } from '../infer.contract.ts';
import { runIdOf } from './run.identity.ts';

/** A wish for one run of inference, before it has an id. */
export interface InferRequest {
  /** `domain/model`. */
  readonly model: string;
  /** The model's own options, as the caller wrote them. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Bound of event time, ISO 8601; absent: now. */
  readonly asOf?: string;
  readonly seed?: number;
  readonly chains?: number;
  /** What names the state of what is known and of the model, such as the name of the state that backfills start from. */
  readonly dataRevision: string;
  /** Says that a repeat of an identical run is wanted. */
  readonly idempotencyKey?: string;
}

/** Chains of a run that names no number: enough for their agreement to say something. */
const CHAINS = 4;

/** The input of the workflow for a wish that is made at `now`. Equal wishes over equal data have one id; an `asOf` that was not asked for is no part of it. */
export function inferInput(request: InferRequest, now: Date): InferInput {
  const { model, options = {}, asOf = null, seed = 1, chains = CHAINS, dataRevision, idempotencyKey = null } = request;
  const identity = { model, options, asOf, seed, chains, dataRevision, idempotencyKey };
  return {
    runId: runIdOf('infer', model, identity),
    model,
    options: { asOf: asOf ?? now.toISOString(), seed, chains, model: options },
  };
}

/** A wish to take a day in. */
export interface IngestRequest extends Omit<InferRequest, 'asOf' | 'dataRevision'> {
  /** YYYY-MM-DD. */
  readonly day: string;
  readonly files: readonly DayFile[];
  /** Revision of the data at which a run has taken the same files in; absent: none has. */
  readonly after?: number;
}

/** The input of the workflow. The same files of the same day, named in any order, are taken in once after each revision that is given. */
export function ingestInput(request: IngestRequest): IngestInput {
  const { model, day, options = {}, seed = 1, chains = CHAINS, idempotencyKey = null } = request;
  const files = request.files.map(({ name, digest }) => ({ name, digest })).toSorted(byNameAndDigest);
  const identity = { model, day, files, options, seed, chains, idempotencyKey, after: request.after };
  return { runId: runIdOf('ingest', model, identity), model, options: { day, files, seed, chains, model: options } };
}

function byNameAndDigest(a: DayFile, b: DayFile): number {
  const [one, other] = [`${a.name} ${a.digest}`, `${b.name} ${b.digest}`];
  return one < other ? -1 : Number(one > other);
}

/** The input that computes the answer of a run again. The same key asks for the same replay. */
export function replayInput(
  { runId: replayOf, model, options }: Pick<SampleInput, 'runId' | 'model' | 'options'>,
  idempotencyKey: string | null = null,
): ReplayInput {
  return { runId: runIdOf('infer', model, { replayOf, idempotencyKey }), model, options: { ...options, replayOf } };
}
