import {
  compileDiagnosis,
  culpritOf,
  dense,
  exp,
  float32,
  input,
  int64,
  log,
  mean,
  mul,
  parameter,
  relu,
  sequential,
  sqrt,
  sum,
  type Tensors,
  type Value,
} from '@haat/onnx';
import { TensorSession } from '../tensor.session.ts';

async function culprit(loss: Value, batch: Tensors, tensors: Tensors): Promise<string | null> {
  const diagnosis = compileDiagnosis({ loss });
  const session = await TensorSession.open(diagnosis.model);
  const kept = Object.fromEntries(diagnosis.tensors.map((name) => [name, tensors[name]!]));
  const results = await session.run({ ...batch, ...kept, step: int64([0], []) });
  await session.release();
  expect(results.finite!.shape).toEqual([diagnosis.places.length]);
  return culpritOf(diagnosis, results);
}

describe('a diagnosis', () => {
  const x = input('x', 'float32', ['n', 2]);
  const logits = sequential(dense('first', 2, 2, { seed: 1 }), relu, dense('second', 2, 2, { seed: 1 }))(x, 'training');
  const weights = (scale: number): Tensors => ({
    'first/weight': float32([1, 2, 3, 4], [2, 2]),
    'first/bias': float32([0, 0]),
    'second/weight': float32([scale, 1, 1, scale], [2, 2]),
    'second/bias': float32([0, 0]),
  });
  const batch = { x: float32([1, 2, 3, 4], [2, 2]) };

  it('finds nothing where all is finite', async () => {
    expect(await culprit(mean(exp(mul(0.01, logits))), batch, weights(1))).toBeNull();
  });

  it('names the layer whose numbers are no longer finite', async () => {
    expect(await culprit(mean(logits), batch, weights(3e38))).toBe('Gemm of second/weight, second/bias');
  });

  it('names what comes after a layer', async () => {
    expect(await culprit(mean(exp(logits)), batch, weights(1e3))).toBe('Exp after second/weight');
  });

  it('names what the batch brings', async () => {
    expect(
      await culprit(
        mean(mul(log(x), parameter('w', float32([1], [])))),
        { x: float32([-1, 1], [1, 2]) },
        { w: float32([1], []) },
      ),
    ).toBe('Log');
  });

  it('names the gradient when the loss itself is finite', async () => {
    const w = parameter('w', float32([0]));
    expect(await culprit(sum(sqrt(w)), {}, { w: float32([0]) })).toBe('gradient of w');
  });
});
