import {
  cast,
  gradientRules,
  gradients,
  input,
  isReal,
  operators,
  pullback,
  sum,
  type OperatorName,
  type RealType,
  tensorOf,
  type Tensor,
  type Value,
} from '@haat/onnx';
import type { Interval, OperatorCase } from './testing/cases/operator.case.ts';
import { operatorCases } from './testing/cases/operator.cases.ts';
import { numbersOf, startGraph } from './testing/graph.run.ts';
import { dimsOf, scattered } from './testing/numbers.feed.ts';
import { splitmix } from './testing/splitmix.ts';
import type { TensorSession } from './tensor.session.ts';

type Feeds = Record<string, Tensor>;

/** Half the distance of the central difference, and how far (relative to 1 and the slope) it may be off. */
const precision: Readonly<Record<RealType, { readonly step: number; readonly tolerance: number }>> = {
  float64: { step: 2 ** -16, tolerance: 1e-8 },
  float32: { step: 2 ** -6, tolerance: 1e-3 },
};

/** float64 where the runtime has a kernel. */
function dtypeOf(name: OperatorName): RealType | null {
  const reals = operators[name].dtypes.filter(isReal);
  return reals.includes('float64') ? 'float64' : (reals[0] ?? null);
}

interface Declared {
  readonly value: Value;
  readonly interval?: Interval;
}

function declareCase(build: OperatorCase, dtype: RealType): { result: Value; inputs: Map<string, Declared> } {
  const inputs = new Map<string, Declared>();
  const result = build(dtype, (name, type, shape, interval) => {
    const value = input(name, type, shape);
    inputs.set(name, { value, ...(interval && { interval }) });
    return value;
  });
  return { result, inputs };
}

/** The loss of a case is the sum of its result, weighted by `dy`; returned are its differences in every number of an input. */
async function centralDifferences(
  graph: TensorSession,
  feeds: Feeds,
  name: string,
  step: number,
): Promise<ReadonlyMap<number, number>> {
  const { dtype, shape } = feeds[name]!;
  const numbers = numbersOf(feeds[name]);
  const weights = numbersOf(feeds.cotangent);
  const loss = async (moved: number[]) => {
    const { result } = await graph.run({ ...feeds, [name]: tensorOf(dtype as RealType, moved, shape) });
    return numbersOf(result).reduce((total, each, i) => total + each * weights[i]!, 0);
  };
  const slopes = new Map<number, number>();
  // Of large inputs every so manyth: each element is moved in some case.
  const stride = Math.ceil(numbers.length / 40);
  for (let i = 0; i < numbers.length; i += stride) {
    const above = await loss(numbers.with(i, numbers[i]! + step));
    const below = await loss(numbers.with(i, numbers[i]! - step));
    slopes.set(i, (above - below) / (2 * step));
  }
  return slopes;
}

function expectClose(
  got: readonly number[],
  expected: ReadonlyMap<number, number>,
  tolerance: number,
  place: string,
): void {
  const off = [...expected].find(([i, each]) => !(Math.abs(each - got[i]!) <= tolerance * Math.max(1, Math.abs(each))));
  expect({ place, off, got: off && got[off[0]] }).toEqual({ place });
}

async function check(build: OperatorCase, dtype: RealType, place: string): Promise<void> {
  const { result, inputs } = declareCase(build, dtype);
  const reals = [...inputs]
    .filter(([, { value }]) => isReal(value.dtype))
    .map(([key, { value }]) => [key, value] as const);
  if (!isReal(result.dtype)) return;
  const dy = input('cotangent', result.dtype, result.shape);
  const slopes = pullback(result, dy, Object.fromEntries(reals));
  const outputs = Object.fromEntries(Object.entries(slopes).map(([key, value]) => [`d_${key}`, value]));
  const graph = await startGraph({
    inputs: [...[...inputs.values()].map(({ value }) => value), dy],
    outputs: { result, ...outputs },
  });
  const { step, tolerance } = precision[result.dtype];
  for (const n of [3, 1, 0]) {
    const uniform = splitmix(n + 1);
    const feeds: Feeds = { cotangent: scattered(dy, n, uniform) };
    for (const [key, { value, interval }] of inputs) feeds[key] = scattered(value, n, uniform, interval);
    const results = await graph.run(feeds);
    for (const [key, value] of reals) {
      const got = results[`d_${key}`]!;
      expect({ place, dtype: got.dtype, dims: got.shape }).toEqual({
        place,
        dtype: value.dtype,
        dims: dimsOf(value, n),
      });
      expectClose(
        numbersOf(got),
        await centralDifferences(graph, feeds, key, step),
        tolerance,
        `${place}, d ${key} at n = ${n}`,
      );
    }
  }
  await graph.release();
}

/** Operators that choose by one of their operands, or that stop the flow on purpose: what they say is not the slope. */
const stopping: readonly OperatorName[] = ['StopGradient'];

const names = Object.keys(operators) as OperatorName[];
const smooth = names.filter((name) => typeof gradientRules[name] !== 'string' && !stopping.includes(name));
const stepped = names.filter((name) => typeof gradientRules[name] === 'string' && dtypeOf(name) !== null);

describe('the gradient', () => {
  it.each(smooth)('of %s is what central differences give', async (name) => {
    const dtype = dtypeOf(name)!;
    for (const [i, build] of operatorCases[name].entries()) await check(build, dtype, `case ${i}`);
  });

  it.each(stepped)('of %s does not exist, and it says so', (name) => {
    for (const build of operatorCases[name]) {
      const { result, inputs } = declareCase(build, dtypeOf(name)!);
      const wrt = Object.fromEntries([...inputs].map(([key, { value }]) => [key, value]));
      const loss = sum(cast(result, 'float32'));
      expect(() => gradients(loss, wrt)).toThrow(gradientRules[name] as string);
    }
  });

  it('is missing only where there are no real numbers', () => {
    const without = names.filter((name) => dtypeOf(name) === null);
    for (const name of without) expect(typeof gradientRules[name]).toBe('string');
  });
});
