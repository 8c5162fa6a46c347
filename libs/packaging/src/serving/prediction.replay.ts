import { replayOf, type Horizon, type ModelRef, type Replay } from '@haat/kit';
import {
  parseProductTraits,
  takeFacts,
  type PackageCatalogue,
  type ProductFacts,
  type ProductTraits,
} from '../contract/index.ts';
import { traitFacts } from '../model/index.ts';
import { choosePackages, type Circumstances } from './package.choice.ts';
import { recordedInput, recordedOutput } from './prediction.record.ts';
import type { ServedModel } from './served.model.ts';

/** A prediction as it was kept. */
export interface RecordedPrediction extends ModelRef, Horizon {
  readonly id: string;
  readonly input: unknown;
  readonly output: unknown;
}

/** Facts at points in time, each read one statement for all points. */
export interface PointInTimeReader {
  /** The facts of `ids[k]` at `points[k]`, for those that are known there; `point` names the k of each row. */
  productsAt(
    ids: readonly string[],
    points: readonly Horizon[],
  ): Promise<{ readonly point: Int32Array; readonly facts: ProductFacts }>;
  cataloguesAt(points: readonly Horizon[]): Promise<readonly (PackageCatalogue | null)[]>;
  plannedAt(ids: readonly string[], points: readonly Horizon[]): Promise<readonly (string | null)[]>;
}

/** Any version of the model, whether it serves or not, by the digest of its artifact. */
export type OpenVersion = (ref: ModelRef) => Promise<ServedModel>;

/**
 * Recomputes recorded predictions from the stored facts at the horizon of each, with the artifact that answered, and says
 * what differs, in order. Three statements for all, and one run of the graph for each artifact. A product that is not known
 * there comes out with no value at all; a prediction about a raw row has its own input as its facts.
 * Errors: those of `open`, such as CONTENT_MISSING.
 */
export async function replayPredictions(
  reader: PointInTimeReader,
  open: OpenVersion,
  predictions: readonly RecordedPrediction[],
): Promise<readonly Replay[]> {
  const ids = predictions.map(({ input }) => (input as { product_id?: string }).product_id ?? '');
  const stored = [...predictions.keys()].filter((k) => ids[k] !== '');
  const storedIds = stored.map((k) => ids[k]!);
  const points = stored.map((k) => predictions[k]!);
  const [{ point, facts }, catalogues, planned] = await Promise.all([
    reader.productsAt(storedIds, points),
    reader.cataloguesAt(points),
    reader.plannedAt(storedIds, points),
  ]);
  const replayed = new Array<{ input: unknown; output: unknown }>(predictions.length).fill({
    input: null,
    output: null,
  });
  const answer = async (at: readonly number[], of: ProductFacts, circumstances: readonly Circumstances[]) => {
    for (const rows of Map.groupBy(at.keys(), (row) => predictions[at[row]!]!.digest).values()) {
      const part = takeFacts(of, rows);
      const served = await open(predictions[at[rows[0]!]!]!);
      const choices = await choosePackages(
        served,
        part,
        rows.map((row) => circumstances[row]!),
      );
      rows.forEach((row, k) => {
        replayed[at[row]!] = { input: recordedInput(part, k), output: recordedOutput(choices[k]!) };
      });
    }
  };
  await answer(
    Array.from(point, (p) => stored[p]!),
    facts,
    Array.from(point, (p) => ({ catalogue: catalogues[p]!, planned: planned[p]! })),
  );
  const raw = [...predictions.keys()].filter((k) => ids[k] === '');
  const traits = raw.map((k): ProductTraits => parseProductTraits(predictions[k]!.input));
  await answer(
    raw,
    traitFacts(traits),
    raw.map(() => ({ catalogue: null, planned: null })),
  );
  return predictions.map((prediction, k) => replayOf(prediction, replayed[k]!));
}
