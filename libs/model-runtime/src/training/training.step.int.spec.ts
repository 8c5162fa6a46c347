import {
  accuracy,
  adamW,
  add,
  apply,
  batchNormalization,
  compileTrainingStep,
  convolution,
  crossEntropy,
  defineNetwork,
  dense,
  describeModel,
  droppedOut,
  evaluationOf,
  float32,
  float64,
  globalAveragePool,
  input,
  int64,
  matmul,
  maxPool,
  mean,
  nextName,
  parameter,
  relu,
  sequential,
  serve,
  sgd,
  stateAfter,
  squaredError,
  softmax,
  squeeze,
  state,
  trainingStepOf,
  type Tensors,
  type TrainingStep,
} from '@haat/onnx';
import { numbersOf } from '../testing/graph.run.ts';
import { TensorSession } from '../tensor.session.ts';
import { splitmix } from '../testing/splitmix.ts';

/** Goes on from `tensors` for some steps on one batch. */
async function train(
  step: TrainingStep,
  batch: Tensors,
  steps: number,
  { from = 0, tensors = step.initial }: { readonly from?: number; readonly tensors?: Tensors } = {},
): Promise<{ tensors: Tensors; losses: number[]; last: Tensors }> {
  const session = await TensorSession.open(step.model);
  const losses: number[] = [];
  let last: Tensors = {};
  for (let i = from; i < from + steps; i++) {
    last = await session.run({ ...tensors, ...batch, step: int64([i], []) });
    tensors = stateAfter(step, last);
    losses.push(numbersOf(last.loss)[0]!);
  }
  await session.release();
  return { tensors, losses, last };
}

describe('linear regression by a training step', () => {
  it('is the solution of the normal equations', async () => {
    const uniform = splitmix(2);
    const rows = Array.from({ length: 50 }, () => [uniform() - 0.5, 2 * uniform(), 1]);
    const target = rows.map(([a, b]) => 3 * a! - 2 * b! + 0.7 + 0.1 * (uniform() - 0.5));
    const x = input('x', 'float64', ['n', 3]);
    const y = input('y', 'float64', ['n']);
    const w = parameter('w', float64([0, 0, 0], [3, 1]));
    const loss = mean(squaredError(squeeze(matmul(x, w), 1), y));
    const step = compileTrainingStep({ loss }, sgd(0.3, { momentum: 0.9 }));
    const { tensors } = await train(step, { x: float64(rows.flat(), [50, 3]), y: float64(target) }, 800);
    const expected = solveNormalEquations(rows, target);
    numbersOf(tensors.w).forEach((got, i) => expect(Math.abs(got - expected[i]!)).toBeLessThan(1e-6));
  });
});

describe('a training step', () => {
  const x = input('x', 'float32', ['n', 2]);
  const y = input('y', 'int64', ['n']);
  const layers = sequential(
    dense('first', 2, 8, { seed: 1 }),
    batchNormalization('normal', 8),
    relu,
    droppedOut({ rate: 0.25, seed: 4 }),
    dense('second', 8, 2, { seed: 1 }),
  );
  const network = defineNetwork({
    name: 'spirals',
    inputs: [x],
    outputs: (pass) => {
      const logits = layers(x, pass);
      return { logits, probability: softmax(logits) };
    },
    objective: ({ logits }) => ({
      loss: mean(crossEntropy(logits, y)),
      metrics: { accuracy: accuracy(logits, y) },
    }),
  });
  const uniform = splitmix(9);
  const points = Array.from({ length: 64 }, () => [2 * uniform() - 1, 2 * uniform() - 1]);
  const batch = {
    x: float32(points.flat(), [64, 2]),
    y: int64(points.map(([a, b]) => Number(a! * b! > 0))),
  };
  const step = trainingStepOf(network, adamW(0.03));

  it('says what it takes and gives', () => {
    expect(step.parameters).toEqual([
      'first/weight',
      'first/bias',
      'normal/scale',
      'normal/bias',
      'second/weight',
      'second/bias',
    ]);
    expect(step.states).toEqual(['normal/mean', 'normal/variance']);
    expect(step.optimizer).toContain('optimizer/m/first/weight');
    expect(step.batch).toEqual({ x: { dtype: 'float32', shape: ['n', 2] }, y: { dtype: 'int64', shape: ['n'] } });
    const { inputs, outputs } = describeModel(step.model);
    const names = Object.keys(step.initial);
    expect(inputs.map(({ name }) => name)).toEqual([...Object.keys(step.batch), 'step', ...names]);
    expect(outputs.map(({ name }) => name)).toEqual(['loss', 'accuracy', ...names.map(nextName)]);
  });

  it('is the same file for the same network', () => {
    expect(trainingStepOf(network, adamW(0.03)).model).toEqual(step.model);
  });

  it('learns what no line tells apart, and carries running statistics on', async () => {
    const { losses, last, tensors } = await train(step, batch, 400);
    expect(losses.at(-1)).toBeLessThan(0.35 * losses[0]!);
    expect(numbersOf(last.accuracy)[0]).toBeGreaterThan(0.9);
    expect(numbersOf(tensors['normal/mean'])).not.toEqual(numbersOf(step.initial['normal/mean']));
    const served = await TensorSession.open(serve(network, tensors));
    const evaluation = evaluationOf(network);
    const evaluated = await TensorSession.open(evaluation.model);
    const kept = Object.fromEntries(Object.keys(evaluation.initial).map((name) => [name, tensors[name]!]));
    const { logits } = await served.run({ x: batch.x });
    const right = numbersOf(batch.y).filter((label, i) => {
      const [a, b] = numbersOf(logits).slice(2 * i, 2 * i + 2);
      return Number(b! > a!) === label;
    });
    const { accuracy, loss } = await evaluated.run({ ...batch, ...kept });
    expect(numbersOf(accuracy)[0]).toBeCloseTo(right.length / 64, 6);
    expect(numbersOf(loss)[0]).toBeLessThan(0.25);
    await Promise.all([served.release(), evaluated.release()]);
  });

  it('does not serve what is not fitted, or does not fit', () => {
    const { 'normal/mean': mean, ...rest } = step.initial;
    expect(() => serve(network, rest)).toThrow('expected a tensor for state "normal/mean", got none');
    const other = { ...rest, 'normal/mean': float32([1]) };
    expect(() => serve(network, other)).toThrow('Tensor for "normal/mean": expected float32 [8], got float32 [1]');
    expect(describeModel(serve(network, { ...rest, 'normal/mean': mean! }, { 'haat.card': '{}' })).metadata).toEqual({
      'haat.card': '{}',
    });
  });

  it('goes on from any step to the same bits', async () => {
    const whole = await train(step, batch, 12);
    const first = await train(step, batch, 5);
    const rest = await train(step, batch, 7, { from: 5, tensors: first.tensors });
    expect(rest.tensors).toEqual(whole.tensors);
    expect([...first.losses, ...rest.losses]).toEqual(whole.losses);
  });

  it('leaves a parameter that only a metric hangs on as it was', async () => {
    const [w, idle] = [parameter('w', float32([1])), parameter('idle', float32([5]))];
    const small = compileTrainingStep(
      { loss: mean(apply('Mul', [w, w])), metrics: { shifted: add(idle, 1) } },
      sgd(0.1),
    );
    const { tensors } = await train(small, {}, 3);
    expect(numbersOf(tensors.idle)).toEqual([5]);
    expect(numbersOf(tensors.w)[0]).toBeCloseTo(0.512, 6);
  });

  it('refuses a loss without parameters, and a state that is carried twice', () => {
    expect(() => compileTrainingStep({ loss: mean(x) }, sgd(1))).toThrow('expected a loss that hangs on parameters');
    const running = state('running', float32([0], []));
    const w = parameter('w', float32([1], []));
    const once = apply('Carry', [w, running, w]);
    const loss = apply('Carry', [once, running, w]);
    expect(() => compileTrainingStep({ loss }, sgd(1))).toThrow('expected state "running" carried once, got twice');
  });

  it('trains convolutions', async () => {
    const image = input('image', 'float32', ['n', 1, 8, 8]);
    const label = input('label', 'int64', ['n']);
    const logits = sequential(
      convolution('a', 1, 4, 3, { seed: 1 }),
      relu,
      (value) => maxPool(value, 2),
      convolution('b', 4, 8, 3, { seed: 2, stride: 2 }),
      relu,
      globalAveragePool,
      dense('head', 8, 2, { seed: 3 }),
    )(image, 'training');
    const graph = compileTrainingStep({ loss: mean(crossEntropy(logits, label)) }, adamW(0.02));
    // Lines across or down, at any place.
    const labels = Array.from({ length: 32 }, (_, i) => i % 2);
    const pixels = labels.flatMap((kind, i) =>
      Array.from({ length: 64 }, (_, at) => Number((kind === 0 ? at % 8 : Math.floor(at / 8)) === (i * 5) % 8)),
    );
    const { losses } = await train(graph, { image: float32(pixels, [32, 1, 8, 8]), label: int64(labels) }, 80);
    expect(losses.at(-1)).toBeLessThan(0.05);
  });
});

/** (X'X) w = X'y by Gaussian elimination with pivots. */
function solveNormalEquations(rows: readonly number[][], target: readonly number[]): number[] {
  const k = rows[0]!.length;
  const system = Array.from({ length: k }, (_, i) => [
    ...Array.from({ length: k }, (_, j) => rows.reduce((total, row) => total + row[i]! * row[j]!, 0)),
    rows.reduce((total, row, r) => total + row[i]! * target[r]!, 0),
  ]);
  for (let i = 0; i < k; i++) {
    const pivot = system
      .slice(i)
      .reduce((best, row, at) => (Math.abs(row[i]!) > Math.abs(system[best]![i]!) ? i + at : best), i);
    [system[i], system[pivot]] = [system[pivot]!, system[i]!];
    for (let r = 0; r < k; r++) {
      if (r === i) continue;
      const factor = system[r]![i]! / system[i]![i]!;
      system[r] = system[r]!.map((each, c) => each - factor * system[i]![c]!);
    }
  }
  return system.map((row, i) => row[k]! / row[i]!);
}
