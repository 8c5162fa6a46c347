import { to as copyTo } from 'pg-copy-streams';

import { lease, type Database } from '../database/database.connection.ts';

/** Rows of a piece. */
const PIECE_ROWS = 1_048_576;
/** `PGCOPY\n\xff\r\n\0`, flags, and the length of an extension that no server sends. */
const HEADER_BYTES = 19;
/** Number of fields, which is negative at the end of the data. */
const COUNT_BYTES = 2;
/** Length of a value, and the value. */
const FIELD_BYTES = 8;

/**
 * What a query answers, in columns of whole numbers, piece by piece in its order: through COPY's binary form, so that no row
 * is ever an object. Each of the `width` columns must be an `int4` without nulls; the query takes no parameters.
 */
export async function* copyIntegers(
  database: Database,
  sql: string,
  width: number,
): AsyncGenerator<readonly Int32Array[]> {
  const rowBytes = COUNT_BYTES + width * FIELD_BYTES;
  const client = await lease(database);
  let failed = true;
  try {
    const stream = client.query(copyTo(`copy (${sql}) to stdout with (format binary)`));
    let columns = Array.from({ length: width }, () => new Int32Array(PIECE_ROWS));
    let rows = 0;
    let rest: Buffer = Buffer.alloc(0);
    let begun = false;
    for await (const part of stream as AsyncIterable<Buffer>) {
      const bytes = rest.length === 0 ? part : Buffer.concat([rest, part]);
      let at = 0;
      if (!begun) {
        if (bytes.length < HEADER_BYTES) {
          rest = bytes;
          continue;
        }
        begun = true;
        at = HEADER_BYTES;
      }
      for (; at + rowBytes <= bytes.length; at += rowBytes) {
        for (let column = 0, field = at + COUNT_BYTES + 4; column < width; column += 1, field += FIELD_BYTES) {
          columns[column]![rows] = bytes.readInt32BE(field);
        }
        rows += 1;
        if (rows < PIECE_ROWS) continue;
        yield columns;
        columns = Array.from({ length: width }, () => new Int32Array(PIECE_ROWS));
        rows = 0;
      }
      rest = bytes.subarray(at);
    }
    failed = false;
    if (rows > 0) yield columns.map((column) => column.slice(0, rows));
  } finally {
    // Closing the connection ends what is still being sent.
    client.release(failed);
  }
}
