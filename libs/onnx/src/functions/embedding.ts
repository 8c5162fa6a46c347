import { apply } from '../graph/graph.builder.ts';
import type { Value } from '../graph/graph.value.ts';
import type { RealType } from '../graph/tensor.ts';
import type { BagAttributes } from '../operators/house.signatures.ts';
import { cast, div, equal, maximum, not } from './arithmetic.ts';
import { sum } from './reduction.ts';

export type BagOptions = Partial<BagAttributes>;

/**
 * The mean (default) or the sum of a table's rows for each bag of ids: [rows, width], int64 [n, t] -> [n, width]. Bags have one size;
 * shorter ones are filled up with the id `padding`, which counts for nothing. A bag of no rows is 0.
 */
export function bag(table: Value, ids: Value, { pooling = 'mean', padding }: BagOptions = {}): Value {
  return apply('EmbeddingBag', [table, ids], { pooling, ...(padding !== undefined && { padding }) });
}

/** What each id of a bag counts of its row, [n, t]. */
export function bagShares(ids: Value, dtype: RealType, { pooling, padding }: BagAttributes): Value {
  // Without a padding every id is equal to itself.
  const counted = padding === undefined ? equal(ids, ids) : not(equal(ids, padding));
  const one = cast(counted, dtype);
  return pooling === 'sum' ? one : div(one, maximum(sum(one, 1, { keepdims: true }), 1));
}
