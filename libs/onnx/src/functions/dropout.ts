import { input } from '../graph/graph.builder.ts';
import type { Value } from '../graph/graph.value.ts';
import { cast, greaterOrEqual, mul, stopGradient } from './arithmetic.ts';
import { uniformLike } from './splitmix.ts';

/** The number of the training step, from 0: an input of every training graph, int64 []. */
export const trainingStep: Value = input('step', 'int64', []);

export interface DropoutOptions {
  /** Share of elements that become 0, in [0, 1). */
  readonly rate: number;
  readonly seed: number;
  /** What is drawn anew for, default the training step. */
  readonly step?: Value;
}

/** Each element of x 0 with probability `rate`, else divided by 1 - rate (Srivastava et al. 2014). Which, follows from seed, step and place. */
export function dropout(x: Value, { rate, seed, step = trainingStep }: DropoutOptions): Value {
  if (rate === 0) return x;
  const kept = greaterOrEqual(uniformLike(x, seed, step), rate);
  return mul(x, mul(stopGradient(cast(kept, x.dtype)), 1 / (1 - rate)));
}
