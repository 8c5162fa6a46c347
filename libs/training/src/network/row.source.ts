import type { ElementArrays, TensorType } from '@haat/onnx';
import type { BatchOrder } from './batch.plan.ts';
import { openColumns } from './batch.rows.ts';
import { networkError } from './network.errors.ts';

/** Numbers of a batch, row-major, over shared memory. */
export type BatchArray = ElementArrays[NumberType];
export type BatchArrays = Readonly<Record<string, BatchArray>>;

/** Fills one batch: row i of each array from row `order.rows[i]` of the data. A function of its arguments; it may draw by seed, epoch, row. */
export type FillBatch = (order: BatchOrder, into: BatchArrays) => void;

/** What a module exports for batches to be filled from, in any thread. */
export type OpenRows<Data> = (data: Data) => FillBatch | Promise<FillBatch>;

/** Rows that worker threads read: which module opens them, by which name, from which data. */
export interface RowSource<Data = unknown> {
  readonly rows: number;
  /** URL of a module. */
  readonly module: string;
  /** Name of the `OpenRows` that it exports. */
  readonly name: string;
  /** Cloned into each thread; arrays over a SharedArrayBuffer are the same memory there. */
  readonly data: Data;
}

/** Columns in memory as rows: each array holds the numbers of all rows, row-major, under the name of an input. Errors: EMPTY_BATCH, INVALID_FIT. */
export function columnRows(rows: number, columns: BatchArrays): RowSource<BatchArrays> {
  if (!(rows >= 1)) throw networkError('EMPTY_BATCH', `Columns of ${rows} rows: expected at least one row`, { rows });
  for (const [name, column] of Object.entries(columns)) {
    if (column.length % rows === 0) continue;
    const message = `Column "${name}": expected as many numbers for each of ${rows} rows, got ${column.length}`;
    throw networkError('INVALID_FIT', message, { column: name, rows, got: column.length });
  }
  const shared = Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, sharedCopy(column)]));
  return { rows, module: import.meta.resolve('#batch-rows'), name: openColumns.name, data: shared };
}

/** An array of zeros over shared memory. */
export function sharedArray(dtype: NumberType, length: number): BatchArray {
  return viewOf(dtype, new SharedArrayBuffer(length * elementBytes[dtype]));
}

/** How many numbers an input has for each row. Errors: INVALID_FIT unless its first axis, and no other, is that of the batch. */
export function widthOf(name: string, { dtype, shape: [first, ...rest] }: TensorType): number {
  const times = typeof first === 'string' ? /^(?:(\d+)\*)?[^\d*]\w*$/.exec(first) : null;
  const sizes = rest.filter((size) => typeof size === 'number');
  if (times !== null && sizes.length === rest.length && isNumber(dtype)) {
    return sizes.reduce((width, size) => width * size, Number(times[1] ?? 1));
  }
  const message = `Input "${name}": expected numbers whose first axis alone is that of the batch, got ${dtype} [${[first, ...rest].join(', ')}]`;
  throw networkError('INVALID_FIT', message, { input: name });
}

export type NumberType = 'float32' | 'float64' | 'int32' | 'int64' | 'bool';

const elementBytes: Readonly<Record<NumberType, number>> = { float32: 4, float64: 8, int32: 4, int64: 8, bool: 1 };

export function isNumber(dtype: TensorType['dtype']): dtype is NumberType {
  return dtype in elementBytes;
}

function viewOf(dtype: NumberType, buffer: SharedArrayBuffer): BatchArray {
  switch (dtype) {
    case 'float32':
      return new Float32Array(buffer);
    case 'float64':
      return new Float64Array(buffer);
    case 'int32':
      return new Int32Array(buffer);
    case 'int64':
      return new BigInt64Array(buffer);
    case 'bool':
      return new Uint8Array(buffer);
  }
}

function sharedCopy(column: BatchArray): BatchArray {
  if (column.buffer instanceof SharedArrayBuffer) return column;
  const shared = new SharedArrayBuffer(column.byteLength);
  new Uint8Array(shared).set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
  return viewOf(typeOf(column), shared);
}

function typeOf(column: BatchArray): NumberType {
  if (column instanceof Float32Array) return 'float32';
  if (column instanceof Float64Array) return 'float64';
  if (column instanceof Int32Array) return 'int32';
  return column instanceof BigInt64Array ? 'int64' : 'bool';
}
