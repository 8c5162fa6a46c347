import { readFile } from 'node:fs/promises';

import { z } from 'zod';

import { dataAccessError } from '../data-access.errors.ts';
import type { ColumnMapping, TableColumn, TableDefinition, TableMapping } from './table.definition.ts';
import { unitFactor, unitsLike } from './unit.table.ts';

const mappingSchema = z.record(
  z.string(),
  z.record(z.string(), z.strictObject({ column: z.string().min(1).optional(), unit: z.string().min(1).optional() })),
);

type AnyTable = Pick<TableDefinition<unknown>, 'name' | 'columns'>;

/** Reads a mapping from a JSON file. @throws FILE_MISSING, INVALID_MAPPING */
export async function readMapping(file: string, tables: readonly AnyTable[]): Promise<ColumnMapping> {
  const text = await readFile(file, 'utf8').catch((cause: Error) => {
    throw dataAccessError('FILE_MISSING', `${file} cannot be read: ${cause.message}`, { file }, cause);
  });
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (cause) {
    throw invalid(file, `it is not JSON (${(cause as Error).message})`);
  }
  return checkedMapping(raw, tables, file);
}

/** @throws INVALID_MAPPING that names the table, the column and what was expected. */
export function checkedMapping(raw: unknown, tables: readonly AnyTable[], place = 'mapping'): ColumnMapping {
  const parsed = mappingSchema.safeParse(raw);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const what = issue!.message.replace(/^Invalid input: /, '').replace(', received ', ', got ');
    throw invalid(place, `at ${issue!.path.join('.') || 'the top'}: ${what}`);
  }
  for (const [table, columns] of Object.entries(parsed.data)) {
    const definition = tables.find(({ name }) => name === table);
    if (definition === undefined) {
      throw invalid(place, `unknown table "${table}": expected one of ${tables.map(({ name }) => name).join(', ')}`);
    }
    for (const [column, { unit }] of Object.entries(columns)) {
      if (!Object.hasOwn(definition.columns, column)) {
        throw invalid(
          place,
          `unknown column "${table}.${column}": expected one of ${Object.keys(definition.columns).join(', ')}`,
        );
      }
      const own = definition.columns[column]!.unit;
      if (unit === undefined || (own !== undefined && unitFactor(unit, own) !== null)) continue;
      const expected = own === undefined ? 'no unit' : `one of ${unitsLike(own).join(', ')}`;
      throw invalid(place, `unit of "${table}.${column}": expected ${expected}, got "${unit}"`);
    }
  }
  return parsed.data;
}

/** One column, placed in a file. */
export interface PlacedColumn {
  readonly name: string;
  readonly kind: TableColumn['kind'];
  /** Position in the file's header. */
  readonly at: number;
  /** What turns the file's numbers into the definition's unit. */
  readonly factor: number;
}

/**
 * Finds the columns of a table in a file's header; columns that the table does not know are left out.
 * @throws FILE_HEADER when one is missing or twice there.
 */
export function placeColumns(
  { name: table, columns }: AnyTable,
  header: readonly string[],
  file: string,
  mapping: TableMapping = {},
): PlacedColumn[] {
  const missing: string[] = [];
  const placed = Object.entries(columns).flatMap(([name, { kind, unit, optional }]): PlacedColumn[] => {
    const wanted = mapping[name]?.column ?? name;
    const at = header.indexOf(wanted);
    if (at === -1) {
      if (optional !== true || mapping[name]?.column !== undefined) missing.push(wanted);
      return [];
    }
    if (header.includes(wanted, at + 1)) {
      throw dataAccessError('FILE_HEADER', `${file}: the header names the column "${wanted}" twice`, {
        file,
        column: wanted,
      });
    }
    return [{ name, kind, at, factor: unitFactor(mapping[name]?.unit ?? unit ?? '', unit ?? '') ?? 1 }];
  });
  if (missing.length === 0) return placed;
  const shown = header.slice(0, 30).join(', ').slice(0, 300);
  const hint =
    header.length === 1 && /[;\t|]/.test(header[0]!)
      ? ' Values are to be separated by commas.'
      : ' Name them by a mapping if they are called otherwise.';
  throw dataAccessError(
    'FILE_HEADER',
    `${file}: the table ${table} lacks the column${missing.length > 1 ? 's' : ''} ${missing.join(', ')}; the header has: ${shown}.${hint}`,
    { file, table, missing, header: header.slice(0, 100) },
  );
}

const EXAMPLE = '{ "products": { "weight_g": { "column": "Weight", "unit": "kg" } } }';

const invalid = (place: string, what: string) =>
  dataAccessError(
    'INVALID_MAPPING',
    `${place}: ${what}. Expected the names of tables and columns, such as ${EXAMPLE}`,
    {
      place,
    },
  );
