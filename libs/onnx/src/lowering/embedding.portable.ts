import type { Value } from '../graph/graph.value.ts';
import type { RealType } from '../graph/tensor.ts';
import { bagShares } from '../functions/embedding.ts';
import { gather, squeeze, unsqueeze } from '../functions/layout.ts';
import { matmul } from '../functions/matrix.ts';
import type { Attributes, Operands } from '../operators/operator.signatures.ts';

/** Shares [n, 1, t] times the rows [n, t, width] of the table. */
export function embeddingBag([table, ids]: Operands<'EmbeddingBag'>, attributes: Attributes<'EmbeddingBag'>): Value {
  const shares = unsqueeze(bagShares(ids, table.dtype as RealType, attributes), 1);
  return squeeze(matmul(shares, gather(table, ids)), 1);
}
