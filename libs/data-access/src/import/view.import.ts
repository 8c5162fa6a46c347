import type { FeatureView, FactSpec } from '@haat/features';

import type { TableColumn, TableDefinition } from '../table/table.definition.ts';
import type { CopyValue } from './copy.text.ts';
import type { ImportTarget } from './table.import.ts';

/** What a view says that an import needs. */
type ImportedView<Fact extends string> = Pick<
  FeatureView<string, Fact>,
  'name' | 'table' | 'key' | 'eventTime' | 'facts'
>;

const kinds = { number: 'number', flag: 'boolean', text: 'text' } as const satisfies Record<FactSpec['type'], string>;
const types = { number: 'float8', flag: 'boolean', text: 'text' } as const satisfies Record<FactSpec['type'], string>;

/** The file of a `latest` view of one key: its key and facts, as `parse` reads a row. */
export function viewTable<Row>(
  view: ImportedView<string>,
  name: string,
  parse: (raw: unknown) => Row,
): TableDefinition<Row> {
  const [key] = view.key;
  const columns = Object.entries(view.facts).map(([fact, { type, unit, later }]): [string, TableColumn] => [
    fact,
    { kind: kinds[type], ...(type === 'number' && unit !== '1' && { unit }), ...(later && { optional: true }) },
  ]);
  return {
    name,
    columns: { [key!]: { kind: 'text' }, ...Object.fromEntries(columns) },
    parse,
    key: (row) => [String((row as Readonly<Record<string, unknown>>)[key!])],
    keyColumns: [key!],
  };
}

/**
 * How such a file becomes rows of the view's table. An entity whose facts are what they were gets no new version; other facts of
 * the same moment correct those that came before.
 */
export function viewTarget<Row>(view: ImportedView<string>, file: string, validFrom: Date): ImportTarget<Row> {
  const { table, eventTime } = view;
  const key = view.key[0]!;
  const time = eventTime.column;
  const facts = Object.keys(view.facts);
  const of = (from: string) => facts.map((column) => `${from}.${column}`).join(', ');
  return {
    domain: view.name.slice(0, view.name.indexOf('/')),
    table: file,
    staging: {
      [key]: 'text collate "C"',
      [time]: 'timestamptz',
      ...Object.fromEntries(Object.entries(view.facts).map(([fact, { type }]) => [fact, types[type]])),
    },
    values(row) {
      const fields = row as Readonly<Record<string, CopyValue>>;
      return [fields[key]!, validFrom, ...facts.map((column) => fields[column]!)];
    },
    into: `${table} (${[key, time, 'revision', ...facts].join(', ')})`,
    changes: `select staging.${key}, staging.${time}, $1::bigint, ${of('staging')} from pg_temp.staging
      left join lateral (
        select * from ${table} where ${key} = staging.${key} and ${time} <= staging.${time}
        order by ${time} desc, revision desc limit 1
      ) newest on true
      where newest.${key} is null or (${of('newest')}) is distinct from (${of('staging')})`,
  };
}
