import type { FeatureView } from '@haat/features';

/**
 * SQL of a feature view. Every read is bounded in both times, so that the same horizon gives the same rows for ever; the three
 * forms differ in what they ask of it: all entities at one horizon, chosen ones each at its own, or sums.
 * A row answered holds the key, the facts, and (of `latest` views) the event time as `event_time`.
 */

/** Columns that a read answers, in order. */
export function viewColumns({ key, facts }: FeatureView): readonly string[] {
  return [...key, ...Object.keys(facts)];
}

/**
 * The facts in force at `asOf` and `revision` (SQL for the two bounds) of all entities of a `latest` view that meet the
 * conditions, in the order of their keys. Walks the primary key, so that a page ends where its rows are full.
 */
export function inForceQuery(
  view: FeatureView,
  { asOf, revision }: Bounds,
  { where = [], limit = '' }: { readonly where?: readonly string[]; readonly limit?: string } = {},
): string {
  const { table, key, eventTime } = view;
  const row = table.slice(table.indexOf('.') + 1);
  const time = eventTime.column;
  return `select ${viewColumns(view).join(', ')}, ${row}.${time} as event_time from ${table}
    where ${[`${row}.${time} <= ${asOf}`, `${row}.revision <= ${revision}`, ...where].join(' and ')} and not exists (
      select from ${table} newer
      where ${key.map((column) => `newer.${column} = ${row}.${column}`).join(' and ')}
        and (newer.${time}, newer.revision) > (${row}.${time}, ${row}.revision)
        and newer.${time} <= ${asOf} and newer.revision <= ${revision}
    ) order by ${key.join(', ')} ${limit}`;
}

/**
 * A point-in-time join: for each point of a spine (`$1` keys, `$2` moments, `$3` revisions, equally long) the facts of that
 * entity in force at that moment and revision. A row answered begins with the position of its point, from 1; a point whose
 * entity is not known has none. For `latest` views of one key column.
 */
export function pointInTimeQuery(view: FeatureView): string {
  const { table, key, eventTime } = view;
  const [entity] = key;
  return `select spine.position::int, ${viewColumns(view)
    .map((column) => `facts.${column}`)
    .join(', ')}, facts.${eventTime.column} as event_time
    from unnest($1::text[], $2::timestamptz[], $3::bigint[]) with ordinality as spine (key, as_of, revision, position)
    cross join lateral (
      select * from ${table} where ${entity} = spine.key
        and ${eventTime.column} <= spine.as_of and revision <= spine.revision
      order by ${eventTime.column} desc, revision desc limit 1
    ) facts order by spine.position`;
}

/**
 * The rows of a `total` view up to the horizon, each in its newest correction; sums are for whoever joins them. In descending
 * order of key and time, or of time and key: as the primary key of the table has it, so that nothing is sorted.
 */
export function correctedQuery(view: FeatureView, { asOf, revision }: Bounds, leading: 'key' | 'time' = 'key'): string {
  const { table, key, eventTime } = view;
  const identity = leading === 'key' ? [...key, eventTime.column] : [eventTime.column, ...key];
  const upTo = eventTime.type === 'date' ? `(${asOf} at time zone 'UTC')::date` : asOf;
  return `select distinct on (${identity.join(', ')}) ${[...identity, ...Object.keys(view.facts)].join(', ')}
    from ${table} where ${eventTime.column} <= ${upTo} and revision <= ${revision}
    order by ${[...identity, 'revision'].map((column) => `${column} desc`).join(', ')}`;
}

/** SQL for the two bounds of a horizon, such as parameters with their types. */
export interface Bounds {
  readonly asOf: string;
  readonly revision: string;
}

/** The bounds as the first two parameters of a statement. */
export const boundParameters: Bounds = { asOf: '$1::timestamptz', revision: '$2::bigint' };
