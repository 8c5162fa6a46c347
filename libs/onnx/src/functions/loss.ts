import { constant } from '../graph/graph.builder.ts';
import type { Value } from '../graph/graph.value.ts';
import { int64, isReal, tensorOf, type RealType } from '../graph/tensor.ts';
import { logSoftmax, softplus } from './activation.ts';
import { add, cast, div, equal, mul, neg, square, stopGradient, sub, type Operand } from './arithmetic.ts';
import { transpose, unsqueeze } from './layout.ts';
import { matmul } from './matrix.ts';
import { logSumExp, mean, sum } from './reduction.ts';

/** (a - b)^2, element by element. */
export function squaredError(a: Value, b: Value): Value {
  return square(sub(a, b));
}

export interface CrossEntropyOptions {
  /** Share of the target that is spread evenly over all classes, default 0 (Szegedy et al. 2016). */
  readonly smoothing?: number;
  /** A factor for each class, [k]: what a row's loss counts, by its target. */
  readonly classWeights?: readonly number[];
}

/**
 * -sum of target times ln softmax(logits), for each row: [..., k] -> [...]. `target`: classes, int64 [...], or probabilities,
 * [..., k]. The mean of it over rows is the usual loss; with weights it is not divided by their sum.
 */
export function crossEntropy(logits: Value, target: Value, options: CrossEntropyOptions = {}): Value {
  const { smoothing = 0, classWeights } = options;
  const classes = Number(logits.shape.at(-1));
  const hard = isReal(target.dtype) ? target : oneHot(target, classes, logits.dtype as RealType);
  const soft = smoothing === 0 ? hard : add(mul(1 - smoothing, hard), smoothing / classes);
  const weighted = classWeights ? mul(soft, constant(tensorOf(logits.dtype as RealType, classWeights))) : soft;
  return neg(sum(mul(weighted, logSoftmax(logits)), -1));
}

/** 1 at the class of each row, else 0: int64 [...] -> [..., k]. */
export function oneHot(labels: Value, classes: number, dtype: RealType = 'float32'): Value {
  const numbers = constant(int64(Array.from({ length: classes }, (_, i) => i)));
  return stopGradient(cast(equal(unsqueeze(labels, -1), numbers), dtype));
}

/** -ln of the probability that sigmoid(logits) gives to targets in [0, 1], element by element, without overflow. */
export function binaryCrossEntropy(logits: Value, target: Value): Value {
  return sub(softplus(logits), mul(logits, target));
}

/**
 * InfoNCE (van den Oord et al. 2018): each row of `queries` [n, d] should be likest to the same row of `keys` [n, d] among all
 * rows; similarity is the dot product over `temperature`. Symmetric over both directions (Radford et al. 2021). A scalar.
 */
export function infoNCE(queries: Value, keys: Value, temperature: Operand): Value {
  const similarity = div(matmul(queries, transpose(keys)), temperature);
  const own = div(sum(mul(queries, keys), -1), temperature);
  const missed = (logits: Value) => mean(sub(logSumExp(logits, -1), own));
  return mul(0.5, add(missed(similarity), missed(transpose(similarity))));
}
