import type { Dimension, Shape } from '../graph/tensor.ts';

/** A size as a number times symbols in alphabetical order: `12`, `n`, `12*n`, `m*n`. */
interface Monomial {
  readonly factor: number;
  readonly symbols: readonly string[];
}

/** The product of sizes; `12*n` where one of them is known only when the graph runs. */
export function product(sizes: Shape): Dimension {
  return dimensionOf(monomialOf(sizes));
}

/** The size that makes `part` times it as large as `whole`; null where no such size can be named beforehand. */
export function quotient(whole: Shape, part: Shape): Dimension | null {
  const numerator = monomialOf(whole);
  const denominator = monomialOf(part);
  const symbols = [...numerator.symbols];
  for (const symbol of denominator.symbols) {
    const at = symbols.indexOf(symbol);
    if (at < 0) return null;
    symbols.splice(at, 1);
  }
  const factor = numerator.factor / denominator.factor;
  return Number.isInteger(factor) ? dimensionOf({ factor, symbols }) : null;
}

function monomialOf(sizes: Shape): Monomial {
  const parts = sizes.flatMap((size): readonly Dimension[] => (typeof size === 'number' ? [size] : size.split('*')));
  return {
    factor: parts.reduce<number>((factor, part) => (isFactor(part) ? factor * Number(part) : factor), 1),
    symbols: parts.filter((part): part is string => !isFactor(part)).sort(),
  };
}

function isFactor(part: number | string): boolean {
  return typeof part === 'number' || /^\d+$/.test(part);
}

function dimensionOf({ factor, symbols }: Monomial): Dimension {
  if (symbols.length === 0 || factor === 0) return factor;
  return [...(factor === 1 ? [] : [factor]), ...symbols].join('*');
}
