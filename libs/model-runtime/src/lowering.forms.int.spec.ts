import {
  apply,
  fastForms,
  input,
  ints,
  uniformNumbers,
  type ConvAttributes,
  type Form,
  type Kernels,
  type OperatorName,
  type PoolAttributes,
  type Shape,
  type Site,
  type Tensors,
  type Value,
} from '@haat/onnx';
import { probeKernels } from './kernels.probe.ts';
import { numbersOf, runOnce } from './testing/graph.run.ts';

/** An operator over inputs, with numbers for these. */
interface Case {
  readonly value: Value;
  readonly inputs: readonly Value[];
  readonly feeds: Tensors;
}

/** Numbers in [-1, 1); inputs are read through blocked layout where their channels fill blocks and `blocked` says so. */
function caseOf(shapes: readonly Shape[], build: (values: Value[]) => Value, block: number): Case {
  const feeds: Record<string, Tensors[string]> = {};
  const inputs: Value[] = [];
  const values = shapes.map((shape, i) => {
    const sizes = shape.map(Number);
    const size = sizes.reduce((product, each) => product * each, 1);
    const data = Float32Array.from(uniformNumbers(i + 1, size), (number) => 2 * number - 1);
    feeds[`x${i}`] = { dtype: 'float32', shape: sizes, data };
    const value = input(`x${i}`, 'float32', sizes);
    inputs.push(value);
    if (block === 0 || shape.length !== 4 || sizes[1]! % block > 0) return value;
    return apply('ReorderOutput', [apply('ReorderInput', [value], { channels_last: false })], {
      channels: sizes[1]!,
      channels_last: false,
    });
  });
  return { value: build(values), inputs, feeds };
}

const attributesOf = (stride: number, pad: number, dilation = 1, group = 1): ConvAttributes => ({
  strides: [stride, stride],
  pads: [pad, pad, pad, pad],
  dilations: [dilation, dilation],
  group,
});

/** [n, C, h, w], [M, C / group, kh, kw] and how the window moves. */
const convolutions: readonly (readonly [Shape, Shape, ConvAttributes])[] = [
  [[2, 16, 7, 5], [32, 16, 3, 3], attributesOf(1, 1)],
  [[3, 32, 6, 9], [16, 32, 3, 3], attributesOf(2, 1)],
  [[2, 16, 8, 8], [16, 16, 5, 5], attributesOf(1, 2)],
  [[2, 16, 7, 6], [16, 16, 3, 2], { ...attributesOf(1, 0), pads: [0, 1, 2, 0] }],
  [[2, 16, 9, 8], [16, 16, 3, 3], { ...attributesOf(1, 1), dilations: [2, 1], strides: [2, 3] }],
  [[2, 16, 9, 8], [16, 16, 3, 3], attributesOf(1, 2, 2)],
  [[5, 48, 3, 5], [32, 48, 1, 1], attributesOf(1, 0)],
  [[3, 48, 4, 8], [32, 48, 1, 1], attributesOf(1, 0)],
  [[5, 48, 4, 5], [16, 48, 1, 1], attributesOf(2, 0)],
  [[2, 16, 4, 5], [16, 16, 1, 1], attributesOf(1, 1)],
  [[4, 3, 9, 7], [16, 3, 3, 3], attributesOf(1, 1)],
  [[3, 3, 4, 8], [32, 3, 3, 3], attributesOf(1, 1)],
  [[2, 2, 6, 9], [16, 2, 3, 2], attributesOf(1, 0)],
  [[4, 3, 9, 7], [10, 3, 3, 3], attributesOf(1, 0)],
  [[1, 1, 5, 11], [5, 1, 3, 5], { ...attributesOf(1, 1), pads: [1, 0, 0, 2] }],
  [[2, 6, 7, 7], [4, 6, 3, 3], attributesOf(3, 1)],
  [[3, 16, 7, 5], [16, 1, 3, 3], attributesOf(1, 1, 1, 16)],
  [[3, 32, 8, 6], [32, 1, 3, 3], attributesOf(2, 1, 1, 32)],
  [[2, 32, 7, 9], [32, 1, 3, 3], attributesOf(2, 1, 1, 32)],
  [[2, 16, 9, 9], [16, 1, 5, 5], attributesOf(2, 2, 1, 16)],
  [[2, 16, 7, 7], [16, 1, 2, 2], attributesOf(1, 0, 2, 16)],
  [[2, 6, 7, 5], [6, 1, 3, 3], attributesOf(1, 1, 1, 6)],
  [[2, 32, 5, 5], [32, 16, 3, 3], attributesOf(1, 1, 1, 2)],
  [[2, 4, 5, 6], [6, 2, 3, 3], attributesOf(1, 1, 1, 2)],
];

const window = (kernel: number, stride = kernel, pad = 0): PoolAttributes => ({
  kernel_shape: [kernel, kernel],
  strides: [stride, stride],
  pads: [pad, pad, pad, pad],
  dilations: [1, 1],
});

const pools: readonly (readonly [Shape, PoolAttributes])[] = [
  [[2, 16, 4, 6], window(2)],
  [[3, 5, 6, 4], window(2)],
  [[2, 32, 9, 6], window(3)],
  [[2, 32, 3, 8], { ...window(1), kernel_shape: [1, 4], strides: [1, 4] }],
  [[2, 16, 7, 5], window(2)],
  [[2, 16, 7, 7], window(3, 2, 1)],
];

const rows: readonly Shape[] = [
  [5, 7],
  [1, 16],
  [3, 16, 5, 3],
  [2, 32, 1, 7],
  [4, 3, 2],
  [2, 3, 2, 2],
];

const others = (shape: Shape) => shape.map((_, axis) => axis).filter((axis) => axis !== 1);

const sum = (x: Value, axes: readonly number[]) => apply('ReduceSum', [x, ints(...axes)], { keepdims: false });
const expand = (x: Value, shape: Shape) => apply('Expand', [x, ints(...shape.map(Number))]);

/** Applications of every operator that has faster forms. */
function casesOf(block: number): readonly Case[] {
  const made = (shapes: readonly Shape[], build: (values: Value[]) => Value) => caseOf(shapes, build, block);
  const resultOf = (x: Shape, w: Shape, attributes: ConvAttributes) =>
    apply('Conv', [input('x', 'float32', x), input('w', 'float32', w)], attributes).shape;
  return [
    ...convolutions.flatMap(([x, w, attributes]) => {
      const y = resultOf(x, w, attributes);
      const [sizes, kernel_shape] = [x.slice(2).map(Number), w.slice(2).map(Number)];
      return [
        made([x, w], ([a, b]) => apply('Conv', [a!, b!], attributes)),
        made([x, w, [w[0]!]], ([a, b, c]) => apply('Conv', [a!, b!, c], attributes)),
        made([x, y], ([a, b]) => apply('ConvWeightGradient', [a!, b!], { ...attributes, kernel_shape })),
        made([y, w], ([a, b]) => apply('ConvInputGradient', [a!, b!], { ...attributes, sizes })),
      ];
    }),
    ...pools.flatMap(([x, attributes]) => {
      const { shape } = apply('MaxPool', [input('x', 'float32', x)], attributes);
      return [
        made([x], ([a]) => apply('MaxPool', [a!], attributes)),
        made([x, shape], ([a, b]) => apply('MaxPoolGradient', [a!, b!], attributes)),
      ];
    }),
    ...rows.flatMap((shape) => [
      made([shape, shape], ([a, b]) => apply('ReluGradient', [apply('Relu', [a!]), b!])),
      made([shape], ([a]) => apply('Relu', [a!])),
      made([shape, shape], ([a, b]) => apply('Add', [a!, b!])),
      made([shape], ([a]) => sum(a!, [0])),
      made([shape], ([a]) => sum(a!, others(shape))),
      made([[...shape.slice(0, 2), ...shape.slice(2).map(() => 1)]], ([a]) => expand(a!, shape)),
      made([[shape[0]!, ...shape.slice(1).map(() => 1)]], ([a]) => expand(a!, shape)),
    ]),
    made(
      [
        [2, 16, 5, 5],
        [16, 16, 3, 3],
      ],
      ([a, b]) => apply('Relu', [fastest(apply('Conv', [a!, b!], attributesOf(1, 1)), block)]),
    ),
  ];
}

const siteOf = (result: Value, block: number) => {
  if (result.origin.kind !== 'operator') throw new Error('expected an operator');
  const { operator, operands, attributes } = result.origin.application;
  const site = { operands, attributes, result, kernels: { block }, sole: true } as unknown as Site<OperatorName>;
  return { operator, site, forms: (fastForms[operator] ?? []) as unknown as readonly Form<OperatorName>[] };
};

/** The value in the first form that fits. */
function fastest(value: Value, block: number): Value {
  const { site, forms } = siteOf(value, block);
  return forms.find(({ unfit }) => unfit(site) === null)?.build(site) ?? value;
}

async function evaluated(value: Value, inputs: readonly Value[], feeds: Tensors): Promise<number[]> {
  return numbersOf((await runOnce({ inputs, outputs: { result: value } }, feeds))['result']);
}

describe('every faster form', () => {
  let kernels: Kernels;
  const fitted = new Map<string, number>();

  beforeAll(async () => {
    kernels = await probeKernels();
  });

  it('gives the numbers of the portable one, whatever the shapes', async () => {
    for (const { value, inputs, feeds } of casesOf(kernels.block)) {
      const wanted = await evaluated(value, inputs, feeds);
      const size = Math.max(1, ...wanted.map(Math.abs));
      const { operator, site, forms } = siteOf(value, kernels.block);
      for (const { name, unfit, build } of forms) {
        if (unfit(site) !== null) continue;
        fitted.set(`${operator}: ${name}`, 1 + (fitted.get(`${operator}: ${name}`) ?? 0));
        const got = await evaluated(build(site), inputs, feeds);
        expect({ operator, name, length: got.length }).toEqual({ operator, name, length: wanted.length });
        const worst = Math.max(...got.map((each, i) => Math.abs(each - wanted[i]!)));
        if (!(worst <= 1e-5 * size))
          throw new Error(
            `${operator}, ${name}: ${JSON.stringify(site.attributes)} ${value.shape.join()} is off by ${worst}`,
          );
      }
    }
  });

  it('of a pool lets equal elements share what the portable one gives to the first', async () => {
    const x = input('x', 'float32', [1, 16, 2, 4]);
    const dy = input('dy', 'float32', [1, 16, 1, 2]);
    const plane = [3, 3, 1, 2, 1, 3, 0, 0];
    const feeds: Tensors = {
      x: { dtype: 'float32', shape: [1, 16, 2, 4], data: Float32Array.from({ length: 128 }, (_, i) => plane[i % 8]!) },
      dy: { dtype: 'float32', shape: [1, 16, 1, 2], data: new Float32Array(32).fill(6) },
    };
    const through = (value: Value) =>
      kernels.block === 0
        ? value
        : apply('ReorderOutput', [apply('ReorderInput', [value], { channels_last: false })], {
            channels: 16,
            channels_last: false,
          });
    const gradient = apply('MaxPoolGradient', [through(x), dy], window(2));
    const { site, forms } = siteOf(gradient, kernels.block);
    expect((await evaluated(gradient, [x, dy], feeds)).slice(0, 8)).toEqual([6, 0, 0, 6, 0, 0, 0, 0]);
    const fitting = forms.filter(({ unfit }) => unfit(site) === null);
    expect(fitting.length).toBeGreaterThan(0);
    for (const { build } of fitting) {
      expect((await evaluated(build(site), [x, dy], feeds)).slice(0, 8)).toEqual([2, 2, 0, 6, 0, 2, 0, 0]);
    }
  });

  it('was tried', () => {
    const blocked = (name: string) => name.includes('block');
    const all = Object.entries(fastForms).flatMap(([operator, forms]) =>
      forms.map(({ name }) => `${operator}: ${name}`),
    );
    expect([...fitted.keys()].sort()).toEqual(all.filter((name) => kernels.block > 0 || !blocked(name)).sort());
  });
});
