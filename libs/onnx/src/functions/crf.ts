import { constant } from '../graph/graph.builder.ts';
import type { Value } from '../graph/graph.value.ts';
import { int64 } from '../graph/tensor.ts';
import { add, cast, less, mul, stopGradient, sub, where } from './arithmetic.ts';
import { flatten, gather, gatherElements, slice, squeeze, unsqueeze } from './layout.ts';
import { logSumExp, sum } from './reduction.ts';

/** What a linear-chain conditional random field scores a sequence of tags with; k tags. */
export interface CrfScores {
  /** Of each tag at each place, [n, T, k]; T is fixed, shorter sequences are padded with anything finite. */
  readonly emissions: Value;
  /** Of going from one tag (row) to the next (column), [k, k]. */
  readonly transitions: Value;
  /** Of beginning with a tag, and of ending with it, [k]. */
  readonly start: Value;
  readonly end: Value;
}

/**
 * ln of the probability of `tags` (int64 [n, T]) given the scores, for each sequence, [n] (Lafferty et al. 2001); the first
 * `lengths` (int64 [n], each from 1 to T) places count. Log-space forward algorithm, unrolled over T.
 */
export function crfLogLikelihood(scores: CrfScores, tags: Value, lengths: Value): Value {
  return sub(pathScore(scores, tags, lengths), logPartition(scores, lengths));
}

/** ln of the sum over all tag sequences of exp of their score, [n]. */
export function logPartition({ emissions, transitions, start, end }: CrfScores, lengths: Value): Value {
  const places = placesOf(emissions);
  const at = (place: number) => squeeze(slice(emissions, 1, place, place + 1), 1);
  const last = Array.from({ length: places - 1 }, (_, i) => i + 1).reduce(
    (alpha, place) => {
      const next = add(logSumExp(add(unsqueeze(alpha, 2), transitions), 1), at(place));
      return where(unsqueeze(less(constant(int64([place], [])), lengths), 1), next, alpha);
    },
    add(start, at(0)),
  );
  return logSumExp(add(last, end), -1);
}

/** The score of a tag sequence, [n]. */
function pathScore({ emissions, transitions, start, end }: CrfScores, tags: Value, lengths: Value): Value {
  const places = placesOf(emissions);
  const order = constant(int64(Array.from({ length: places }, (_, place) => place)));
  const counts = stopGradient(cast(less(order, unsqueeze(lengths, 1)), emissions.dtype));
  const emitted = mul(squeeze(gatherElements(emissions, unsqueeze(tags, 2), 2), 2), counts);
  const final = squeeze(gatherElements(tags, unsqueeze(sub(lengths, 1), 1), 1), 1);
  const first = squeeze(slice(tags, 1, 0, 1), 1);
  const ends = add(gather(start, first), gather(end, final));
  const path = add(sum(emitted, 1), ends);
  if (places === 1) return path;
  const steps = add(mul(slice(tags, 1, 0, places - 1), Number(transitions.shape[0])), slice(tags, 1, 1, places));
  const moved = mul(gather(flatten(transitions, 0), steps), slice(counts, 1, 1, places));
  return add(path, sum(moved, 1));
}

function placesOf({ shape }: Value): number {
  return Number(shape[1]);
}
