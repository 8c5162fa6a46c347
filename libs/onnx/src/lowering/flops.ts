import type { Application, Value } from '../graph/graph.value.ts';
import type { OperatorName } from '../operators/operator.signatures.ts';

/** Operators that move or choose elements, and compute none. */
const moving: ReadonlySet<OperatorName> = new Set<OperatorName>([
  'Reshape',
  'Transpose',
  'Unsqueeze',
  'Squeeze',
  'Expand',
  'Pad',
  'Slice',
  'Concat',
  'Shape',
  'Size',
  'Range',
  'Gather',
  'GatherElements',
  'GatherND',
  'StopGradient',
  'Carry',
  'OneHot',
]);

/**
 * Floating-point operations of what an operator means, whatever form it is given: a product and a sum are two. Elementwise operators
 * count one for each element, reductions one for each that they read. NaN where a size is not known.
 */
export function flopsOf({ operator, operands }: Application, result: Value): number {
  const [first, second] = operands;
  switch (operator) {
    case 'Conv':
    case 'ConvInputGradient':
      return 2 * convolved(second!, operator === 'Conv' ? result : first!);
    case 'ConvTranspose':
      return 2 * convolved(second!, first!);
    case 'ConvWeightGradient':
      return 2 * convolved(result, second!);
    case 'MatMul':
      return 2 * count(result) * Number(first!.shape.at(-1));
    case 'Gemm':
      // The rows of the result are those of the first factor, transposed or not: the rest of it is what is summed over.
      return 2 * count(result) * (count(first!) / Number(result.shape[0]));
    default:
      if (moving.has(operator)) return 0;
      return operator.startsWith('Reduce') ? count(first!) : count(result);
  }
}

/** Each element of y is a sum over a kernel w: [M, C / group, ...]. */
function convolved(w: Value, y: Value): number {
  return (count(y) * count(w)) / Number(w.shape[0]);
}

function count({ shape }: Value): number {
  return shape.reduce<number>((size, each) => size * Number(each), 1);
}
