import type { z } from 'zod';
import { invalidRow } from './kit.errors.ts';

/**
 * A row from outside as its schema makes it; fields that the schema does not know are left out. `place` names the row in messages:
 * `line 7`. Errors: INVALID_ROW with details `{ field, expected, got }`, of the first field that is wrong.
 */
export function parseRow<Row>(schema: z.ZodType<Row>, raw: unknown, place = 'Row'): Row {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  const [field] = path;
  const got = field === undefined ? raw : (raw as Readonly<Record<PropertyKey, unknown>>)[field];
  throw invalidRow(place, String(field ?? 'row'), message, got);
}
