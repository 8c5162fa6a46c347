import { takeRows, type Batch, type Horizon } from '@haat/kit';
import type { FeatureView } from './feature.view.ts';

/**
 * What is known of n entities of a `latest` view, in columns: numbers and flags (0 or 1) as Float64Array, NaN where a fact is null;
 * text as it stands, '' where it is null.
 */
export interface ViewFacts<Fact extends string = string> extends Batch<Fact> {
  readonly id: readonly string[];
  /** Event time, ms since the epoch. */
  readonly knownSince: Float64Array;
}

/**
 * Where the facts of a view come from: the database or a folder of files. Nothing beyond the horizon is answered, and the same
 * horizon gives the same facts in the same order, whatever came in since.
 */
export interface ViewSource<Fact extends string = string> {
  /** What is known now of the time up to `asOf`: read first, so that all that follows is of one state. */
  horizon(asOf: Date): Promise<Horizon>;
  /** Every known entity, in its newest version, by ascending id. */
  all(at: Horizon): Promise<ViewFacts<Fact>>;
}

/** Rows `[id, ...facts, event time]`, the facts in the order of the view, to columns. */
export function viewFacts<Fact extends string>(
  { facts }: Pick<FeatureView<string, Fact>, 'facts'>,
  rows: readonly (readonly unknown[])[],
): ViewFacts<Fact> {
  const names = Object.keys(facts) as Fact[];
  const columns = Object.fromEntries(
    names.map((name, at) => [
      name,
      facts[name].type === 'text'
        ? rows.map((row) => (row[at + 1] ?? '') as string)
        : Float64Array.from(rows, (row) => (row[at + 1] == null ? NaN : Number(row[at + 1]))),
    ]),
  ) as ViewFacts<Fact>['columns'];
  return {
    rows: rows.length,
    id: rows.map((row) => row[0] as string),
    columns,
    knownSince: Float64Array.from(rows, (row) => (row[names.length + 1] as Date).getTime()),
  };
}

/** The rows of `facts` at `index`, in that order. */
export function takeViewFacts<Fact extends string>(facts: ViewFacts<Fact>, index: ArrayLike<number>): ViewFacts<Fact> {
  return {
    ...takeRows<Fact>(facts, index),
    id: Array.from(index, (i) => facts.id[i]!),
    knownSince: Float64Array.from(index, (i) => facts.knownSince[i]!),
  };
}

/** The numbers of one fact, [n]. */
export function numbersOf<Fact extends string>({ columns }: Batch<Fact>, fact: Fact): Float64Array {
  const column = columns[fact];
  if (column instanceof Float64Array) return column;
  throw new TypeError(`numbersOf: ${fact} is no column of numbers`);
}
