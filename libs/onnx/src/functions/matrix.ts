import { apply } from '../graph/graph.builder.ts';
import type { Value } from '../graph/graph.value.ts';
import { transpose } from './layout.ts';

/** a: [..., m, k], b: [..., k, n] -> [..., m, n]; leading axes are broadcast. */
export function matmul(a: Value, b: Value): Value {
  return apply('MatMul', [a, b]);
}

/** Sums of products by Einstein's convention: `einsum('bij,bjk->bik', a, b)`. */
export function einsum(equation: string, first: Value, ...rest: readonly Value[]): Value {
  return apply('Einsum', [first, ...rest], { equation });
}

/** The last two axes exchanged. */
export function transposed(x: Value): Value {
  const axes = x.shape.map((_, axis) => axis);
  return transpose(x, [...axes.slice(0, -2), axes.at(-1)!, axes.at(-2)!]);
}
