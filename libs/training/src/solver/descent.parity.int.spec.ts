import {
  add,
  binaryCrossEntropy,
  compileTrainingStep,
  float64,
  input,
  int64,
  matmul,
  mean,
  mul,
  parameter,
  sgd,
  stateAfter,
  square,
  squeeze,
  sum,
  type Tensors,
} from '@haat/onnx';
import { TensorSession } from '@haat/model-runtime';
import { seededUniform } from '../statistics/seeded.uniform.ts';
import { projectedNewton } from './projected.newton.ts';

const uniform = seededUniform(4);
const rows = Array.from({ length: 80 }, () => [2 * uniform() - 1, 2 * uniform() - 1, 1]);
const labels = rows.map(([a, b]) => Number(uniform() < 1 / (1 + Math.exp(-(2 * a! - b! + 0.3)))));
const ridge = 0.01;

/** Mean cross entropy of a logistic regression plus ridge |w|^2 / 2, with its derivatives. */
function logistic(w: Float64Array) {
  const margins = rows.map((row) => row.reduce((total, each, i) => total + each * w[i]!, 0));
  const losses = margins.map((z, r) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - z * labels[r]!);
  const chances = margins.map((z) => 1 / (1 + Math.exp(-z)));
  const over = (each: (r: number) => number) => rows.reduce((total, _, r) => total + each(r), 0) / rows.length;
  return {
    value: over((r) => losses[r]!) + (ridge / 2) * w.reduce((total, each) => total + each * each, 0),
    gradient: w.map((each, i) => ridge * each + over((r) => (chances[r]! - labels[r]!) * rows[r]![i]!)),
    hessian: () =>
      Float64Array.from({ length: 9 }, (_, at) => {
        const [i, j] = [Math.floor(at / 3), at % 3];
        const curvature = over((r) => chances[r]! * (1 - chances[r]!) * rows[r]![i]! * rows[r]![j]!);
        return curvature + (i === j ? ridge : 0);
      }),
  };
}

describe('logistic regression by a training step', () => {
  it('is the solution of the projected Newton method', async () => {
    const solution = projectedNewton({
      start: new Float64Array(3),
      lower: new Float64Array(3).fill(-Infinity),
      evaluate: logistic,
      tolerance: 1e-12,
      maxIterations: 50,
    });
    const w = parameter('w', float64([0, 0, 0], [3, 1]));
    const logits = squeeze(matmul(input('x', 'float64', ['n', 3]), w), 1);
    const missed = mean(binaryCrossEntropy(logits, input('y', 'float64', ['n'])));
    const loss = add(missed, mul(ridge / 2, sum(square(w))));
    const step = compileTrainingStep({ loss }, sgd(1, { momentum: 0.9 }));
    const session = await TensorSession.open(step.model);
    const batch = { x: float64(rows.flat(), [80, 3]), y: float64(labels) };
    let tensors: Tensors = step.initial;
    for (let i = 0; i < 600; i++) {
      const results = await session.run({ ...tensors, ...batch, step: int64([i], []) });
      tensors = stateAfter(step, results);
    }
    await session.release();
    Array.from(tensors.w!.data, Number).forEach((got, i) => {
      expect(Math.abs(got - solution.x[i]!)).toBeLessThan(1e-6);
    });
  });
});
