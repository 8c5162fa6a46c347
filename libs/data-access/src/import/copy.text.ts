import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

export type CopyValue = string | number | boolean | Date | null;

const SPECIAL = /[\\\t\n\r]/;
const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** One row in PostgreSQL's text format of COPY. */
export function copyLine(values: readonly CopyValue[]): string {
  let line = '';
  for (let i = 0; i < values.length; i += 1) {
    if (i > 0) line += '\t';
    const value = values[i]!;
    if (typeof value === 'string') {
      line += SPECIAL.test(value) ? value.replace(/[\\\t\n\r]/g, (special) => escapes[special]!) : value;
    } else if (value === null) line += '\\N';
    else line += value instanceof Date ? value.toISOString() : String(value);
  }
  return `${line}\n`;
}

/** Sends rows, as `copyLine` wrote them, into a table. */
export async function copyInto(
  client: pg.ClientBase,
  table: string,
  columns: readonly string[],
  pieces: Iterable<Buffer>,
): Promise<void> {
  const names = columns.map((name) => `"${name}"`).join(', ');
  await pipeline(Readable.from(pieces), client.query(copyFrom(`copy ${table} (${names}) from stdin`)));
}
