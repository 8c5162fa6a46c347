import type { Value } from '../graph/graph.value.ts';
import { cast, equal } from './arithmetic.ts';
import { argMax, mean } from './reduction.ts';

/** The share of rows whose largest score is that of their class: [..., k] and int64 [...] -> float32 []. */
export function accuracy(scores: Value, label: Value): Value {
  return mean(cast(equal(argMax(scores), label), 'float32'));
}
