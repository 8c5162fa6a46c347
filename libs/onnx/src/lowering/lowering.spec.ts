import { adamW, describeModel, explainTrainingStep, trainingStepOf, type Choice } from '../index.ts';
import { flopsOf } from './flops.ts';
import { apply, input, parameter } from '../graph/graph.builder.ts';
import { shared } from '../graph/graph.shared.ts';
import { withSizes } from '../graph/graph.sizes.ts';
import { topological } from '../graph/graph.walk.ts';
import { filled } from '../graph/tensor.ts';
import { add, mul } from '../functions/arithmetic.ts';
import { maxPool } from '../functions/convolution.ts';
import { relu } from '../functions/activation.ts';
import { mean } from '../functions/reduction.ts';
import { convolution } from '../layers/layers.ts';
import { defineNetwork, serve } from '../training/network.ts';
import { reordered } from './reordered.ts';

const image = input('image', 'float32', ['n', 3, 8, 8]);
const first = convolution('first', 3, 16, 3, { seed: 1 });
const second = convolution('second', 16, 20, 1, { seed: 1 });
const network = defineNetwork({
  name: 'test/net',
  inputs: [image],
  outputs: (pass) => ({ map: second(maxPool(relu(first(image, pass)), 2), pass) }),
  objective: ({ map }) => ({ loss: mean(mul(map, map)) }),
});

const operatorsOf = (values: Parameters<typeof topological>[0]) =>
  topological(values).flatMap(({ origin }) => (origin.kind === 'operator' ? [origin.application.operator] : []));

describe('what is lowered', () => {
  it('for a machine with blocks goes in blocks where channels fill them, and says why not elsewhere', () => {
    const { operators, updated, kept } = explainTrainingStep(network, adamW(1e-3), {
      target: { block: 16 },
      sizes: { n: 4 },
      update: 'kernel',
    });
    const convolutions = operators.filter(({ operator }) => operator === 'Conv');
    expect(convolutions.map(({ form, passed }) => [form, ...passed.map(({ why }) => why)])).toEqual([
      ['blocked Conv'],
      ['as it is', 'its result has 20 channels, no multiple of 16'],
    ]);
    expect(operators.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
    expect(updated).toEqual({ ...kept, calls: 4 });
  });

  it('holds what is internal to a runtime only for such a machine, and never what serves', () => {
    const domains = (model: Uint8Array) => Object.keys(describeModel(model).opsets);
    const step = (block: number) => trainingStepOf(network, adamW(1e-3), { target: { block } });
    expect(domains(step(16).model)).toContain('com.microsoft.nchwc');
    expect(domains(step(0).model)).not.toContain('com.microsoft.nchwc');
    expect(domains(serve(network, step(16).initial))).not.toContain('com.microsoft.nchwc');
  });

  it('pools before it takes what is above zero', () => {
    const x = input('x', 'float32', ['n', 2, 4, 4]);
    expect(operatorsOf([maxPool(relu(x), 2)])).toEqual(['Relu', 'MaxPool']);
    expect(operatorsOf(reordered([maxPool(relu(x), 2)]))).toEqual(['MaxPool', 'Relu']);
  });

  it('tells each operator once', () => {
    const choices: Choice[] = [];
    trainingStepOf(network, adamW(1e-3), { target: { block: 16 }, told: (choice) => choices.push(choice) });
    expect(new Set(choices.map(({ result }) => result)).size).toBe(choices.length);
  });
});

describe('graphs', () => {
  it('compute once what is asked for twice', () => {
    const x = input('x', 'float32', ['n', 3]);
    const twice = add(mul(relu(x), 2), mul(relu(x), 2));
    expect(operatorsOf([twice])).toHaveLength(5);
    expect(operatorsOf(shared([twice]))).toHaveLength(3);
    // Another attribute or operand is another value.
    const different = add(apply('Gemm', [x, x], { transB: true }), apply('Gemm', [x, x], { transB: true, alpha: 2 }));
    expect(operatorsOf(shared([different]))).toHaveLength(3);
  });

  it('know sizes that were symbols, products with them too', () => {
    const x = input('x', 'float32', ['n', '4*n', 'm', 2]);
    expect(withSizes([relu(x)], { n: 3 })[0]!.shape).toEqual([3, 12, 'm', 2]);
    const w = parameter('w', filled('float32', [2], 1));
    expect(operatorsOf(withSizes([mul(w, w)], { n: 3 }))).toEqual(['Mul']);
  });
});

describe('floating-point operations', () => {
  const flops = (value: ReturnType<typeof relu>) =>
    value.origin.kind === 'operator' ? flopsOf(value.origin.application, value) : NaN;
  const tensor = (name: string, ...shape: number[]) => input(name, 'float32', shape);

  it('are two for each product that is summed', () => {
    expect(flops(apply('MatMul', [tensor('a', 5, 2, 3), tensor('b', 3, 4)]))).toBe(2 * 5 * 2 * 3 * 4);
    expect(flops(apply('Gemm', [tensor('a', 3, 2), tensor('b', 4, 3)], { transA: true, transB: true }))).toBe(
      2 * 2 * 3 * 4,
    );
    const window = { strides: [2, 2], pads: [1, 1, 1, 1], dilations: [1, 1], group: 2 };
    const [x, w] = [tensor('x', 2, 4, 6, 6), tensor('w', 8, 2, 3, 3)];
    const y = apply('Conv', [x, w], window);
    const wanted = 2 * (2 * 8 * 3 * 3) * (2 * 9);
    expect(flops(y)).toBe(wanted);
    const dy = tensor('dy', 2, 8, 3, 3);
    expect(flops(apply('ConvWeightGradient', [x, dy], { ...window, kernel_shape: [3, 3] }))).toBe(wanted);
    expect(flops(apply('ConvInputGradient', [dy, w], { ...window, sizes: [6, 6] }))).toBe(wanted);
  });

  it('are one for each element, and none for moving elements', () => {
    expect(flops(relu(tensor('x', 3, 4)))).toBe(12);
    expect(flops(mean(tensor('x', 3, 4)))).toBe(12);
    expect(flops(apply('Transpose', [tensor('x', 3, 4)], { perm: [1, 0] }))).toBe(0);
  });
});
