/** One fact of a view. `unit` is '1' for pure numbers and '' for text. */
export interface FactSpec {
  readonly type: 'number' | 'flag' | 'text';
  readonly unit: string;
  readonly doc: string;
  /** Comes to be known after the rest, and is null until then: what models learn to say, and no feature of others. */
  readonly later?: true;
}

/**
 * What is known of the entities of one kind, declared once: the store's reads, the training snapshot and the online read are
 * made from it. A row of the view's table says something of one entity from its event time on, and came with a revision.
 */
export interface FeatureView<Key extends string = string, Fact extends string = string> {
  /** `domain/view`, for example `packaging/product`. */
  readonly name: `${string}/${string}`;
  readonly title: string;
  readonly doc: string;
  /** The schema and table that hold its rows. */
  readonly table: `${string}.${string}`;
  /** Columns that name one entity. */
  readonly key: readonly Key[];
  /** Column of the time from which (`latest`) or at which (`total`) a row holds; a moment, or a day of UTC. */
  readonly eventTime: { readonly column: string; readonly type: 'timestamptz' | 'date' };
  /**
   * How the rows up to a moment become facts: `latest` takes the one with the latest event time, `total` the sum over all. Of
   * two rows with the same key and event time the one with the later revision corrects the other.
   */
  readonly reading: 'latest' | 'total';
  readonly facts: Readonly<Record<Fact, FactSpec>>;
  /** Facts whose event time lies longer back than this are stale: they are still used, and it is said. */
  readonly freshDays: number;
}

/** Declares a view. The identity function, with names inferred so that the compiler can check every reference to them. */
export function defineFeatureView<const Key extends string, const Fact extends string>(
  view: FeatureView<Key, Fact>,
): FeatureView<Key, Fact> {
  return view;
}

const DAY_MS = 86_400_000;

/** Whether facts of `eventTime` (ms since the epoch) are stale at `asOf`. */
export function isStale({ freshDays }: Pick<FeatureView, 'freshDays'>, eventTime: number, asOf: Date): boolean {
  return asOf.getTime() - eventTime > freshDays * DAY_MS;
}
