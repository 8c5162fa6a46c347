import { sizeOf, tensorOf, type RealType, type Tensor } from '../graph/tensor.ts';
import { uniformNumbers } from '../functions/splitmix.ts';

/** Seeded numbers from [-bound, bound). */
export function uniform(shape: readonly number[], bound: number, seed: number, dtype: RealType = 'float32'): Tensor {
  const numbers = uniformNumbers(seed, sizeOf(shape));
  return tensorOf(
    dtype,
    numbers.map((number) => bound * (2 * number - 1)),
    shape,
  );
}

/** Seeded normal numbers of mean 0 (Box and Muller 1958). */
export function normal(shape: readonly number[], deviation: number, seed: number, dtype: RealType = 'float32'): Tensor {
  const size = sizeOf(shape);
  const numbers = uniformNumbers(seed, 2 * size);
  const drawn = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    const one = Math.sqrt(-2 * Math.log(1 - numbers[i]!)) * Math.cos(2 * Math.PI * numbers[i + size]!);
    drawn[i] = deviation * one;
  }
  return tensorOf(dtype, drawn, shape);
}

/** For layers before tanh, sigmoid or softmax (Glorot and Bengio 2010): uniform, variance 2 / (fanIn + fanOut). */
export function glorotUniform(shape: readonly number[], fanIn: number, fanOut: number, seed: number): Tensor {
  return uniform(shape, Math.sqrt(6 / (fanIn + fanOut)), seed);
}

/** For layers before relu (He et al. 2015): normal, variance 2 / fanIn. */
export function heNormal(shape: readonly number[], fanIn: number, seed: number): Tensor {
  return normal(shape, Math.sqrt(2 / fanIn), seed);
}
