import { gradients, input, tensorOf, type RealType, type Tensors, type Value, type Values } from '@haat/onnx';
import { numbersOf, startGraph } from './graph.run.ts';

/**
 * How far, relative to 1 and the slope, the gradient of a scalar is from its central differences, at worst over all numbers of
 * `feeds` that are real.
 */
export async function gradientError(
  loss: (inputs: Values) => Value,
  feeds: Tensors,
  { step = 2 ** -16, constants = {} }: { readonly step?: number; readonly constants?: Tensors } = {},
): Promise<number> {
  const declared = (tensors: Tensors): Values =>
    Object.fromEntries(Object.entries(tensors).map(([name, { dtype, shape }]) => [name, input(name, dtype, shape)]));
  const [wrt, others] = [declared(feeds), declared(constants)];
  const value = loss({ ...wrt, ...others });
  const slopes = Object.entries(gradients(value, wrt)).map(([name, slope]) => [`d_${name}`, slope]);
  const graph = await startGraph({
    inputs: [...Object.values(wrt), ...Object.values(others)],
    outputs: { value, ...Object.fromEntries(slopes) },
  });
  const results = await graph.run({ ...feeds, ...constants });
  const at = async (name: string, numbers: readonly number[]) => {
    const { dtype, shape } = feeds[name]!;
    const moved = { ...feeds, ...constants, [name]: tensorOf(dtype as RealType, numbers, shape) };
    return numbersOf((await graph.run(moved)).value)[0]!;
  };
  let worst = 0;
  for (const name of Object.keys(feeds)) {
    const numbers = numbersOf(feeds[name]);
    const got = numbersOf(results[`d_${name}`]);
    for (const [i, number] of numbers.entries()) {
      const above = await at(name, numbers.with(i, number + step));
      const below = await at(name, numbers.with(i, number - step));
      const expected = (above - below) / (2 * step);
      worst = Math.max(worst, Math.abs(got[i]! - expected) / Math.max(1, Math.abs(expected)));
    }
  }
  await graph.release();
  return Number.isNaN(worst) ? Infinity : worst;
}
