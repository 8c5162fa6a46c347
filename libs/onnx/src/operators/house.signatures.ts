import type { Value } from '../graph/graph.value.ts';
import type { ConvAttributes, PoolAttributes } from './convolution.signatures.ts';
import type { Binary, Signature, Unary } from './signature.ts';

export interface BagAttributes {
  readonly pooling: 'sum' | 'mean';
  /** The id that stands for no row. A bag of nothing else is 0. */
  readonly padding?: number;
}

/**
 * Operators of this house alone: what a graph means, before it is decided how that is computed. None stands in a file: each has a
 * portable form of standard operators (`portableForms`), which lowering may replace by a faster one.
 */
export interface HouseSignatures {
  /** The sum or the mean of the rows that each bag of ids names, [rows, width], int64 [n, t] -> [n, width]. */
  EmbeddingBag: Signature<readonly [table: Value, ids: Value], BagAttributes>;
  /** x, through which no gradient flows. */
  StopGradient: Unary;
  /** x, and the wish that after the training step `state` be `next`: how running statistics leave a graph. */
  Carry: Signature<readonly [x: Value, state: Value, next: Value]>;
  /** dy where y = relu(x) is above 0, else 0. */
  ReluGradient: Binary;
  /** d loss / d w of Conv, from x and dy = d loss / d y: [M, C / group, ...kernel_shape]. */
  ConvWeightGradient: Signature<
    readonly [x: Value, dy: Value],
    ConvAttributes & { readonly kernel_shape: readonly number[] }
  >;
  /** d loss / d x of Conv, from dy and w; `sizes` are the spatial sizes of x. */
  ConvInputGradient: Signature<readonly [dy: Value, w: Value], ConvAttributes & { readonly sizes: readonly number[] }>;
  /** d loss / d x of MaxPool, from x and dy; the first largest element of a window gets all of it. */
  MaxPoolGradient: Signature<readonly [x: Value, dy: Value], PoolAttributes>;
  /** d loss / d x of Gather, from x (for its shape), indices and dy: the slices of dy summed where they came from. */
  GatherGradient: Signature<readonly [x: Value, indices: Value, dy: Value], { readonly axis: number }>;
}

export type HouseOperator = keyof HouseSignatures;
