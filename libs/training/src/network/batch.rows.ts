import type { BatchArray, BatchArrays, OpenRows } from './row.source.ts';

/** Rows of columns in memory: what `columnRows` names, loaded by the threads that fill batches. */
export const openColumns: OpenRows<BatchArrays> =
  (columns) =>
  ({ rows }, into) => {
    for (const [name, target] of Object.entries(into)) gatherRows(columns[name]!, rows, target);
  };

function gatherRows(column: BatchArray, rows: Uint32Array, target: BatchArray): void {
  const width = target.length / rows.length;
  // Byte-wise, so that one loop serves every element type.
  const bytes = width * target.BYTES_PER_ELEMENT;
  const from = new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
  const to = new Uint8Array(target.buffer, target.byteOffset, target.byteLength);
  rows.forEach((row, i) => to.set(from.subarray(row * bytes, (row + 1) * bytes), i * bytes));
}
