import { z } from 'zod';
import { edgeError } from '../platform.errors.ts';
import { holdsNul } from './request.text.ts';

/** An opaque Relay cursor: the sort key of a row, as base64url JSON. */
export function encodeCursor(key: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/** The sort key of versions of a model: their numbers, as the registry can hold them. */
export const versionCursor = z.tuple([z.int32().positive()]);

/**
 * The sort key that a cursor holds, checked against its form.
 * @throws INVALID_CURSOR when it is not one that `encodeCursor` made of such a key.
 */
export function decodeCursor<S extends z.ZodType>(cursor: string, form: S): z.output<S> {
  const parsed = form.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString('utf8')));
  if (!parsed.success || holdsNul(parsed.data)) {
    throw edgeError(
      'INVALID_CURSOR',
      `after: expected a cursor that an earlier page gave out, got "${excerpt(cursor)}"`,
      {
        field: 'after',
      },
    );
  }
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function excerpt(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
