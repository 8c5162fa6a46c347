import type { Batch, Column } from '@haat/kit';

/** `count` rows of a batch from `start`; numbers are views, not copies. */
export function rowsOf(batch: Batch, start: number, count: number): Batch {
  if (start === 0 && count === batch.rows) return batch;
  const end = start + count;
  return mapColumns(batch, count, (column) =>
    'subarray' in column ? column.subarray(start, end) : column.slice(start, end),
  );
}

/** The rows of batches with the same columns, one after the other. */
export function joinRows(batches: readonly Batch[]): Batch {
  const [first] = batches;
  if (batches.length === 1) return first!;
  const rows = batches.reduce((sum, batch) => sum + batch.rows, 0);
  return mapColumns(first!, rows, (column, name) => {
    const parts = batches.map(({ columns }) => columns[name]!);
    if (column instanceof Float32Array) return filled<Float32Array>(new Float32Array(rows), parts as Float32Array[]);
    if (column instanceof Float64Array) return filled<Float64Array>(new Float64Array(rows), parts as Float64Array[]);
    if (column instanceof BigInt64Array)
      return filled<BigInt64Array>(new BigInt64Array(rows), parts as BigInt64Array[]);
    return (parts as (readonly string[])[]).flat();
  });
}

interface Numbers<Self> {
  readonly length: number;
  set(part: Self, at: number): void;
}

function filled<T extends Numbers<T>>(whole: T, parts: readonly T[]): T {
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function mapColumns(batch: Batch, rows: number, map: (column: Column, name: string) => Column): Batch {
  const columns = Object.entries<Column>(batch.columns).map(([name, column]) => [name, map(column, name)] as const);
  return { rows, columns: Object.fromEntries(columns) };
}
