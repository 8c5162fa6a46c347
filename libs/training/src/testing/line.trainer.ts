import { z } from 'zod';
import {
  defineNetwork,
  float64,
  input,
  matmul,
  mean,
  parameter,
  serve,
  sgd,
  squaredError,
  squeeze,
  uniformNumbers,
} from '@haat/onnx';
import { columnRows, fitNetwork } from '../network/index.ts';
import type { Trainer } from '../trainer.ts';
import { toyModel, toyTrainer } from './toy.trainer.ts';

const lineModel = { ...toyModel, name: 'packaging/line' as const, options: z.object({ steps: z.int() }) };

/** Rows of the line: two numbers and a one; the target is 3 a - 2 b + 0.7 and a small rest. */
export function lineRows(rows: number) {
  const [a, b, rest] = [1, 2, 3].map((seed) => uniformNumbers(seed, rows)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  return {
    x: Float64Array.from({ length: 3 * rows }, (_, i) => [a, b, null][i % 3]?.[Math.floor(i / 3)] ?? 1),
    y: Float64Array.from(a, (value, i) => 3 * value - 2 * b[i]! + 0.7 + 0.1 * rest[i]!),
  };
}

/** Linear regression by whole batches of the data. */
export const lineTrainer: Trainer<typeof lineModel> = {
  ...toyTrainer,
  definition: lineModel,
  async fit(_data, { steps }, context) {
    const rows = 50;
    const x = input('x', 'float64', ['n', 3]);
    const y = input('y', 'float64', ['n']);
    const w = parameter('w', float64([0, 0, 0], [3, 1]));
    const network = defineNetwork({
      name: 'example/line',
      inputs: [x],
      outputs: () => ({ answer: squeeze(matmul(x, w), 1) }),
      objective: ({ answer }) => ({ loss: mean(squaredError(answer, y)) }),
    });
    const source = columnRows(rows, lineRows(rows));
    const fitted = await fitNetwork(
      {
        network,
        optimizer: sgd(0.3, { momentum: 0.9 }),
        training: { source, batch: rows, lastBatch: 'keep' },
        validation: { source, batch: rows },
        steps,
        evaluateEvery: steps,
      },
      context,
    );
    return serve(network, fitted.tensors, { digest: fitted.digest });
  },
};
