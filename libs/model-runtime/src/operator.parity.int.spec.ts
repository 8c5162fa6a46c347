import {
  apply,
  constant,
  float64,
  input,
  ints,
  operators,
  type OperatorName,
  type Tensor,
  type Value,
} from '@haat/onnx';
import { constantOf, type OperatorCase } from './testing/cases/operator.case.ts';
import { operatorCases } from './testing/cases/operator.cases.ts';
import { numbersOf, runOnce } from './testing/graph.run.ts';
import { dimsOf, ones } from './testing/numbers.feed.ts';

/** What the symbol 'n' is when the graphs run: a size that no case uses otherwise. */
const n = 7;

async function run(build: OperatorCase, dtype: Value['dtype']): Promise<{ inferred: Value; got: Tensor }> {
  const inputs = new Map<string, Value>();
  const inferred = build(dtype, (name, type, shape) => {
    const value = input(name, type, shape);
    inputs.set(name, value);
    return value;
  });
  const feeds = Object.fromEntries([...inputs].map(([name, value]) => [name, ones(value, n)]));
  const { result } = await runOnce({ inputs: [...inputs.values()], outputs: { result: inferred } }, feeds);
  return { inferred, got: result! };
}

describe('inference', () => {
  const names = Object.keys(operators) as OperatorName[];

  it.each(names)('of %s says what ONNX Runtime gives, for every element type', async (name) => {
    for (const dtype of operators[name].dtypes) {
      for (const build of operatorCases[name]) {
        const { inferred, got } = await run(build, dtype);
        expect({ dtype: got.dtype, dims: got.shape }).toEqual({
          dtype: inferred.dtype,
          dims: dimsOf(inferred, n),
        });
      }
    }
  });
});

describe('attributes', () => {
  const x = constant(float64([1, 2, 3, 4], [2, 2]));
  const evaluate = async (y: Value) => numbersOf((await runOnce({ inputs: [], outputs: { y } })).y);

  it('reach the kernel of CumSum', async () => {
    expect(await evaluate(apply('CumSum', [x, ints(1)]))).toEqual([1, 3, 3, 7]);
    expect(await evaluate(apply('CumSum', [x, ints(1)], { exclusive: true }))).toEqual([0, 1, 0, 3]);
    expect(await evaluate(apply('CumSum', [x, ints(0)], { reverse: true }))).toEqual([4, 6, 3, 4]);
  });

  it('reach the kernel of Gemm', async () => {
    const c = constant(float64([1]));
    expect(await evaluate(apply('Gemm', [x, x, c], { alpha: 0.5, beta: 2, transB: true }))).toEqual([
      4.5, 7.5, 7.5, 14.5,
    ]);
  });

  it('reach the kernel of LabelEncoder, whatever the script', async () => {
    const text = constantOf('string', [1, 2]);
    const codes = apply('LabelEncoder', [text], {
      keys_strings: ['हाट', '2'],
      values_floats: [1, 2],
      default_float: 9,
    });
    expect(await evaluate(codes)).toEqual([9, 2]);
  });
});
