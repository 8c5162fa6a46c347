import { z } from 'zod';
import type { DomainError } from '@haat/kit';
import type { PackageCatalogue, PackageType, ProductRow, Tariff } from './facts.ts';
import { packagingError } from './packaging.errors.ts';
import {
  packageTypeSchema,
  productRowSchema,
  productTraitsSchema,
  shipmentCountSchema,
  tariffSchema,
  type ProductTraits,
  type ShipmentCountRow,
} from './rows.schema.ts';

type RowError = 'INVALID_PRODUCT' | 'INVALID_COUNTS' | 'INVALID_CATALOGUE';

/**
 * One product row from outside. `place` names it in messages: `Product "p9"`, `products.csv, line 7`.
 * A missing or empty category is 'unknown'; any other missing, null, "NaN", infinite or out-of-range value is an error.
 * Errors: INVALID_PRODUCT with details `{ field, expected, got }`.
 */
export function parseProductRow(raw: unknown, place?: string): ProductRow {
  return parse(productRowSchema, lenient(raw), 'INVALID_PRODUCT', place ?? placeOf(raw));
}

/** As `parseProductRow`, for a request that needs no id, package or demand. */
export function parseProductTraits(raw: unknown, place?: string): ProductTraits {
  return parse(productTraitsSchema, lenient(raw), 'INVALID_PRODUCT', place ?? placeOf(raw));
}

/** One line of history. Errors: INVALID_COUNTS with details `{ field, expected, got }`. */
export function parseShipmentCount(raw: unknown, place?: string): ShipmentCountRow {
  return parse(shipmentCountSchema, raw, 'INVALID_COUNTS', place ?? placeOf(raw));
}

/** One package type. Errors: INVALID_CATALOGUE with details `{ field, expected, got }`. */
export function parsePackageType(raw: unknown, place = 'Package type'): PackageType {
  return parse(packageTypeSchema, raw, 'INVALID_CATALOGUE', place);
}

export function parseTariff(raw: unknown, place = 'Tariff'): Tariff {
  return parse(tariffSchema, raw, 'INVALID_CATALOGUE', place);
}

/** A catalogue of at least two types with distinct codes. Errors: INVALID_CATALOGUE. */
export function packageCatalogue(types: readonly PackageType[], tariff: Tariff): PackageCatalogue {
  if (types.length < 2 || types.length > 255) {
    throw packagingError('INVALID_CATALOGUE', `Package catalogue: expected 2 to 255 types, got ${types.length}`, {
      field: 'types',
      expected: '2 to 255 types',
      got: types.length,
    });
  }
  const seen = new Set<string>();
  for (const { code } of types) {
    if (seen.has(code)) {
      throw packagingError('INVALID_CATALOGUE', `Package catalogue: expected distinct codes, got ${code} twice`, {
        field: 'code',
        expected: 'distinct codes',
        got: code,
      });
    }
    seen.add(code);
  }
  return { types, tariff };
}

function parse<T>(schema: z.ZodType<T>, raw: unknown, error: RowError, place: string): T {
  const parsed = schema.safeParse(raw, { reportInput: true });
  if (parsed.success) return parsed.data;
  throw rowError(error, parsed.error.issues[0]!, raw, place);
}

function rowError(code: RowError, issue: z.core.$ZodIssue, raw: unknown, place: string): DomainError {
  const field = issue.path.join('.') || 'row';
  const got = show(valueAt(raw, issue.path));
  const expected = expectation(issue);
  return packagingError(code, `${place}: field ${field}: expected ${expected}, got ${got}`, { field, expected, got });
}

function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected === 'number'
        ? 'a finite number'
        : `${/^[aeiou]/.test(issue.expected) ? 'an' : 'a'} ${issue.expected}`;
    case 'too_small':
      return issue.origin === 'string'
        ? `at least ${issue.minimum} character(s)`
        : `a number ${issue.inclusive ? 'of at least' : 'above'} ${issue.minimum}`;
    case 'too_big':
      return issue.origin === 'string'
        ? `at most ${issue.maximum} characters`
        : `a number ${issue.inclusive ? 'of at most' : 'below'} ${issue.maximum}`;
    case 'custom':
      return issue.message.replace(/^expected /, '').replace(/, got .*$/, '');
    default:
      return issue.message.replace(/^Invalid input: expected /, '');
  }
}

/** A category that is missing, null or blank becomes absent; 0 and 1 become flags. */
function lenient(raw: unknown): unknown {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return raw;
  const row: Record<string, unknown> = { ...raw };
  if (row['category'] === null || (typeof row['category'] === 'string' && row['category'].trim() === '')) {
    delete row['category'];
  }
  for (const flag of ['fragile', 'liquid']) {
    if (row[flag] === 0 || row[flag] === 1) row[flag] = row[flag] === 1;
  }
  return row;
}

function placeOf(raw: unknown): string {
  const id = valueAt(raw, ['product_id']) ?? valueAt(raw, ['id']);
  return typeof id === 'string' || typeof id === 'number' ? `Product "${id}"` : 'Product';
}

function valueAt(raw: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    raw,
  );
}

function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'number') return String(value);
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
