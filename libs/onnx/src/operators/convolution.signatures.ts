import type { Value } from '../graph/graph.value.ts';
import type { Signature } from './signature.ts';

/** How a window moves over the spatial axes; `pads`: before each axis, then after each. */
export interface WindowAttributes {
  readonly strides: readonly number[];
  readonly pads: readonly number[];
  readonly dilations: readonly number[];
}

export interface ConvAttributes extends WindowAttributes {
  readonly group: number;
}

export interface PoolAttributes extends WindowAttributes {
  readonly kernel_shape: readonly number[];
}

/** Windows over the spatial axes of x: [n, C, ...sizes]. */
export interface ConvolutionSignatures {
  /** w: [M, C / group, ...kernel], b: [M] -> [n, M, ...]. */
  Conv: Signature<readonly [x: Value, w: Value, b?: Value], ConvAttributes>;
  /** The transpose of the linear map Conv. w: [C, M / group, ...kernel], b: [M] -> [n, M, ...]. */
  ConvTranspose: Signature<
    readonly [x: Value, w: Value, b?: Value],
    ConvAttributes & { readonly output_padding: readonly number[] }
  >;
  MaxPool: Signature<readonly [x: Value], PoolAttributes>;
  /** Where in the flattened x the (first) largest element of each window stands, int64: the second result of MaxPool. */
  MaxPoolIndices: Signature<readonly [x: Value], PoolAttributes>;
  /** With `count_include_pad`, padding counts as zeros; else the mean is over what the window covers of x. */
  AveragePool: Signature<readonly [x: Value], PoolAttributes & { readonly count_include_pad: boolean }>;
}
