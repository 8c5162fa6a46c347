import { applyAgain, input } from './graph.builder.ts';
import type { Value } from './graph.value.ts';
import { rewrite } from './graph.walk.ts';
import { product } from '../operators/dimension.algebra.ts';

/** The same values over inputs in whose shapes the named symbols are numbers. */
export function withSizes(outputs: readonly Value[], sizes: Readonly<Record<string, number>>): Value[] {
  return rewrite(
    outputs,
    () => undefined,
    applyAgain,
    (value) => {
      const { dtype, shape, origin } = value;
      if (origin.kind !== 'input' || !shape.some((size) => typeof size === 'string')) return value;
      const known = shape.map((size) => product(`${size}`.split('*').map((part) => sizes[part] ?? part)));
      return known.join() === shape.join() ? value : input(origin.name, dtype, known);
    },
  );
}
