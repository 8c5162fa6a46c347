import type { Batch, Column } from '@haat/kit';

/** `count` rows of a batch from `start`; numbers are views, not copies. */
export function rowsOf(batch: Batch, start: number, count: number): Batch {
  if (start === 0 && count === batch.rows) return batch;
  return mapColumns(batch, count, (column) => {
    const width = column.length / batch.rows;
    const [from, end] = [start * width, (start + count) * width];
    return 'subarray' in column ? column.subarray(from, end) : column.slice(from, end);
  });
}

/** The rows of batches with the same columns, one after the other. */
export function joinRows(batches: readonly Batch[]): Batch {
  const [first] = batches;
  if (batches.length === 1) return first!;
  const rows = batches.reduce((sum, batch) => sum + batch.rows, 0);
  return mapColumns(first!, rows, (column, name) => {
    const parts = batches.map(({ columns }) => columns[name]!);
    const length = parts.reduce((sum, part) => sum + part.length, 0);
    if (column instanceof Float32Array) return filled<Float32Array>(new Float32Array(length), parts as Float32Array[]);
    if (column instanceof Float64Array) return filled<Float64Array>(new Float64Array(length), parts as Float64Array[]);
    if (column instanceof BigInt64Array)
      return filled<BigInt64Array>(new BigInt64Array(length), parts as BigInt64Array[]);
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
