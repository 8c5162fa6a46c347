import type { Value } from '../graph/graph.value.ts';
import type { Shape } from '../graph/tensor.ts';
import type { Operands } from './operator.signatures.ts';
import { product } from './dimension.algebra.ts';

/**
 * The elements of an int64 scalar or vector as far as they are known before the graph runs: numbers from constants, symbols from
 * Shape, products from Size, and what Concat and Reshape make of these. Null when they are not.
 */
export function knownSizes({ dtype, shape, origin }: Value): Shape | null {
  if (dtype !== 'int64' || shape.length > 1) return null;
  if (origin.kind === 'constant' || origin.kind === 'parameter') {
    return origin.tensor.dtype === 'int64' ? Array.from(origin.tensor.data, Number) : null;
  }
  if (origin.kind !== 'operator') return null;
  const { operator, operands, attributes } = origin.application;
  switch (operator) {
    case 'Shape': {
      const { start, end } = attributes as { readonly start?: number; readonly end?: number };
      return operands[0]!.shape.slice(start, end);
    }
    case 'Size':
      return [product(operands[0]!.shape)];
    case 'Reshape':
    case 'Unsqueeze':
      return knownSizes((operands as Operands<'Reshape'>)[0]);
    case 'Concat': {
      const parts = operands.map((operand) => knownSizes(operand!));
      return parts.includes(null) ? null : parts.flatMap((part) => part!);
    }
    default:
      return null;
  }
}
