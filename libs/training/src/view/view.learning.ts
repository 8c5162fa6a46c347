import { readParquet, writeParquet } from '@haat/data-access';
import { numbersOf, takeViewFacts, type ViewFacts, type ViewSource } from '@haat/features';
import type { Link } from '../solver/linear.fit.ts';
import { digestOfRows, heldOutByGroup } from '../statistics/group.split.ts';
import type { Evaluation } from '../trainer.ts';
import { trainingError } from '../training.errors.ts';
import { flagMetrics, numberMetrics, type RowScores } from './row.metrics.ts';

/** What a model learns from a view: one fact by others. All are numbers or flags. */
export interface ViewLearning<Fact extends string> {
  /** `domain/model`, for messages. */
  readonly model: string;
  readonly features: readonly Fact[];
  readonly target: Fact;
  readonly link: Link;
}

/** Share of the entities that no fit ever sees. */
const HELD_OUT_SHARE = 0.2;

/** Writes the entities whose target and features are known, sorted by id; facts that the model does not use stay out. */
export async function writeViewSnapshot<Fact extends string>(
  { features, target }: Pick<ViewLearning<Fact>, 'features' | 'target'>,
  source: ViewSource<Fact>,
  asOf: Date,
  file: string,
): Promise<{ rows: number; revision: number }> {
  const at = await source.horizon(asOf);
  const facts = await source.all(at);
  const names = [...features, target];
  const columns = names.map((name) => numbersOf(facts, name));
  const known = Array.from({ length: facts.rows }, (_, i) => i).filter((i) =>
    columns.every((column) => !Number.isNaN(column[i])),
  );
  const kept = takeViewFacts(facts, known);
  const numbers = Object.fromEntries(names.map((name) => [name, numbersOf(kept, name)]));
  const { rows } = await writeParquet(
    file,
    { id: kept.id, known_since: kept.knownSince, ...numbers },
    { sortBy: ['id'] },
  );
  return { rows, revision: at.revision };
}

/** Such a snapshot, read back. */
export async function readViewSnapshot<Fact extends string>(
  { features, target }: Pick<ViewLearning<Fact>, 'features' | 'target'>,
  file: string,
): Promise<ViewFacts<Fact>> {
  const table = await readParquet(file);
  const columns = Object.fromEntries([...features, target].map((name) => [name, table.numbers(name)]));
  return {
    rows: table.rows,
    id: table.text('id').map((id) => id!),
    columns: columns as ViewFacts<Fact>['columns'],
    knownSince: table.numbers('known_since'),
  };
}

/** The two sides of a snapshot, split by the hash of the id: an entity is on the same side in every snapshot. */
export function splitView<Fact extends string>({ target }: Pick<ViewLearning<Fact>, 'target'>, data: ViewFacts<Fact>) {
  const side = heldOutByGroup(data.id, HELD_OUT_SHARE);
  const take = (wanted: number) =>
    takeViewFacts(
      data,
      [...side.keys()].filter((i) => side[i] === wanted),
    );
  const heldOut = take(1);
  const observed = numbersOf(heldOut, target);
  const lines = heldOut.id.map((id, i) => JSON.stringify([id, observed[i]]));
  return { training: take(0), heldOut, digest: digestOfRows(lines) };
}

/**
 * Measures what an artifact serves for the held-out part, [rows], against what was observed and against the training part's mean.
 * Errors: TOO_FEW_ROWS when nothing was held out, or a flag is the same in all that was.
 */
export function evaluateView<Fact extends string>(
  { model, target, link }: ViewLearning<Fact>,
  { training, heldOut, digest }: ReturnType<typeof splitView<Fact>>,
  predicted: ArrayLike<number>,
): Evaluation {
  const observed = numbersOf(heldOut, target);
  if (new Set(observed).size < 2) {
    throw trainingError(
      'TOO_FEW_ROWS',
      `Held-out part of ${model}: expected differing values of ${target}, got ${heldOut.rows} rows of ${new Set(observed).size}`,
      { rows: heldOut.rows },
    );
  }
  const known = numbersOf(training, target);
  const mean = known.reduce((sum, y) => sum + y, 0) / training.rows;
  const scores: RowScores = { predicted, observed, mean };
  const { metrics, losses } = link === 'logistic' ? flagMetrics(scores) : numberMetrics(scores);
  return { metrics, heldOut: { digest, rows: heldOut.rows, groups: heldOut.rows }, losses };
}
