import {
  replayOf,
  takeRows,
  unknownEntity,
  type Batch,
  type DomainError,
  type Horizon,
  type ModelRef,
  type Replay,
} from '@haat/kit';
import { runFinite } from './finite.rows.ts';
import type { ModelOutputs } from './model.outputs.ts';
import type { OpenModel } from './open.model.ts';
import { recordShare, type Recording, type ServedPrediction } from './prediction.recorder.ts';
import { runtimeError } from './runtime.errors.ts';

/** Facts of entities in columns, as a view answers them. */
export interface EntityFacts<Fact extends string = string> extends Batch<Fact> {
  readonly id: readonly string[];
  /** Event time, ms since the epoch. */
  readonly knownSince: Float64Array;
}

/** A model with one number an output for each entity, and what turns facts into what it is asked. */
export interface RowModel<Fact extends string = string> {
  readonly name: `${string}/${string}`;
  /** What an entity is, for messages: `parcel`. */
  readonly entity: string;
  readonly outputs: readonly string[];
  /** Facts to the columns of the graph. */
  columns(facts: Batch<Fact>): Batch;
  /** The raw input that gives the same columns as one row of facts. */
  inputAt(facts: Batch<Fact>, row: number): object;
}

/** A version that answers. */
export interface ServedRows {
  readonly ref: ModelRef;
  readonly open: Pick<OpenModel, 'run'>;
}

export type RowOutputs = Readonly<Record<string, number>>;

/** What a model says of one entity. */
export interface RowAnswer {
  readonly id: string;
  readonly outputs: RowOutputs;
  /** Null where the prediction was not recorded. */
  readonly predictionId: string | null;
  readonly ref: ModelRef;
  readonly at: Horizon;
  /** From when the facts about the entity hold. */
  readonly knownSince: Date;
}

/** Answers for the rows of `facts`, in order; null for one that the model has no finite answer for. One run, two where there are such. */
export async function answerRows<Fact extends string>(
  model: RowModel<Fact>,
  { open }: Pick<ServedRows, 'open'>,
  facts: Batch<Fact>,
): Promise<(RowOutputs | null)[]> {
  return facts.rows === 0 ? [] : outputsOf(model, await runFinite(open, model.columns(facts)), facts.rows);
}

/** The numbers of each row by output. */
function outputsOf({ outputs }: RowModel, answered: ModelOutputs, rows: number): (RowOutputs | null)[] {
  return Array.from({ length: rows }, (_, row) => {
    const numbers = outputs.map((name) => answered[name]![row]!);
    return numbers.some(Number.isNaN) ? null : Object.fromEntries(outputs.map((name, at) => [name, numbers[at]!]));
  });
}

/** What was asked and answered of one row, as it is recorded. */
export function recordedRow<Fact extends string>(
  model: RowModel<Fact>,
  facts: EntityFacts<Fact>,
  row: number,
  outputs: RowOutputs | null,
): ServedPrediction {
  return { input: { id: facts.id[row]!, ...model.inputAt(facts, row) }, output: outputs };
}

/** How a version answers for those of the ids that are known within a horizon, with what is recorded of each. */
export function answerEntities<Fact extends string>(
  model: RowModel<Fact>,
  reader: { byId(ids: readonly string[], at: Horizon): Promise<EntityFacts<Fact>> },
  open: (ref: ModelRef) => Promise<ServedRows>,
) {
  return async (ref: ModelRef, at: Horizon, ids: readonly string[]) => {
    const [served, facts] = await Promise.all([open(ref), reader.byId(ids, at)]);
    const outputs = await answerRows(model, served, facts);
    const predictions = outputs.map((one, row) => recordedRow(model, facts, row, one));
    return { id: facts.id, outputs, predictions };
  };
}

/** What is said of an entity whose facts the model has no finite answer for. */
export function unanswerableRow({ name, entity }: Pick<RowModel, 'name' | 'entity'>, id: string): DomainError {
  return runtimeError(
    'UNANSWERABLE_ROW',
    `Model ${name} has no finite answer for the facts of ${entity} "${id}"; look for extreme or missing ones`,
    {
      field: 'id',
      id,
    },
  );
}

/** The river of serving for such a model: facts -> columns -> run -> record. A batch is one run, one of one too. */
export class RowService<Fact extends string> {
  constructor(
    private readonly model: RowModel<Fact>,
    private readonly provider: { acquire(): Promise<ServedRows> },
    private readonly facts: { byId(ids: readonly string[], at: Horizon): Promise<EntityFacts<Fact>> },
    private readonly recording: Recording,
  ) {}

  /**
   * Answers for `ids`, in order; UNKNOWN_ENTITY in the place of one that is not known within the horizon, UNANSWERABLE_ROW of one
   * without a finite answer. One read, one run and one write, however many ids.
   * @throws MODEL_NOT_READY
   */
  async byId(ids: readonly string[], at: Horizon): Promise<readonly (RowAnswer | DomainError)[]> {
    const served = await this.provider.acquire();
    const facts = await this.facts.byId(ids, at);
    const outputs = await answerRows(this.model, served, facts);
    const predictionIds = await recordShare(this.recording, served.ref, at, {
      rows: facts.rows,
      isAnswered: (row) => outputs[row] !== null,
      predictionOf: (row) => recordedRow(this.model, facts, row, outputs[row]!),
    });
    const byId = new Map(
      facts.id.map((id, row): [string, RowAnswer | DomainError] => {
        const answered = outputs[row]!;
        if (answered === null) return [id, unanswerableRow(this.model, id)];
        const knownSince = new Date(facts.knownSince[row]!);
        return [id, { id, outputs: answered, predictionId: predictionIds[row]!, ref: served.ref, at, knownSince }];
      }),
    );
    return ids.map((id) => byId.get(id) ?? unknownEntity(this.model.entity, id, at.asOf));
  }
}

/** A recorded prediction of such a model. */
interface RecordedRow extends ModelRef, Horizon {
  readonly id: string;
  readonly input: unknown;
  readonly output: unknown;
}

/**
 * Recomputes recorded predictions from the facts at the horizon of each, with the artifact that answered, and says what differs, in
 * order. One read for all, one run for each artifact. An entity that is not known there comes out with no value at all.
 * Errors: those of `open`, such as CONTENT_MISSING.
 */
export async function replayRows<Fact extends string>(
  model: RowModel<Fact>,
  facts: {
    at(
      ids: readonly string[],
      points: readonly Horizon[],
    ): Promise<{ readonly point: Int32Array; readonly facts: EntityFacts<Fact> }>;
  },
  open: (ref: ModelRef) => Promise<ServedRows>,
  predictions: readonly RecordedRow[],
): Promise<readonly Replay[]> {
  const ids = predictions.map(({ input }) => (input as { readonly id: string }).id);
  const { point, facts: known } = await facts.at(ids, predictions);
  const replayed = predictions.map((): ServedPrediction => ({ input: null, output: null }));
  const byDigest = Map.groupBy(point.keys(), (row) => predictions[point[row]!]!.digest);
  for (const rows of byDigest.values()) {
    const served = await open(predictions[point[rows[0]!]!]!);
    const outputs = await answerRows(model, served, takeRows<Fact>(known, rows));
    rows.forEach((row, k) => (replayed[point[row]!] = recordedRow(model, known, row, outputs[k]!)));
  }
  return predictions.map((prediction, k) => replayOf(prediction, replayed[k]!));
}
