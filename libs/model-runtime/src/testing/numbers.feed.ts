import { isReal, type Tensor, type Value } from '@haat/onnx';
import { constantOf, type Interval } from './cases/operator.case.ts';

/** What the symbols of the cases are when the graphs run; `some`: never none. */
export function dimsOf({ shape }: Value, n: number): number[] {
  return shape.map((size) => {
    if (typeof size === 'number') return size;
    return size.split('*').reduce((product, part) => product * symbolSize(part, n), 1);
  });
}

function symbolSize(symbol: string, n: number): number {
  if (symbol === 'n') return n;
  if (symbol === 'm') return 2;
  return symbol === 'some' ? Math.max(n, 1) : Number(symbol);
}

/** Ones and twos of the declared type: valid indices, and valid divisors of whole numbers. */
export function ones(value: Value, n: number): Tensor {
  return filledBy(value, n, (i) => 1 + (i % 2));
}

/** Seeded real numbers from the interval (else of either sign, away from 0); ones and twos of other types. */
export function scattered(value: Value, n: number, uniform: () => number, interval?: Interval): Tensor {
  if (!isReal(value.dtype)) return ones(value, n);
  const number = () => {
    if (interval) return interval[0] + (interval[1] - interval[0]) * uniform();
    const size = 0.25 + 1.75 * uniform();
    return uniform() < 0.5 ? -size : size;
  };
  return filledBy(value, n, number);
}

function filledBy(value: Value, n: number, number: (i: number) => number): Tensor {
  const dims = dimsOf(value, n);
  const size = dims.reduce((product, each) => product * each, 1);
  const { origin } = constantOf(
    value.dtype,
    Array.from({ length: size }, (_, i) => number(i)),
    dims,
  );
  if (origin.kind !== 'constant') throw new Error('expected a constant');
  return origin.tensor;
}
