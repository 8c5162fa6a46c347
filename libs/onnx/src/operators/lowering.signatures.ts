import type { Value } from '../graph/graph.value.ts';
import type { ConvAttributes, PoolAttributes } from './convolution.signatures.ts';
import type { Signature } from './signature.ts';

/**
 * Operators that only lowering applies, after gradients. Those of the blocked layout (NCHWc: channels in blocks that stand
 * side by side in memory) are internal to ONNX Runtime (`com.microsoft.nchwc`): a file that holds one is for the machine that it was
 * made on. A tensor in blocked layout keeps the shape [n, C, h, w], C a multiple of the block, but holds [n, C / block, h, w, block].
 */
export interface LoweringSignatures {
  /** alpha x + beta kept in [0, 1]. */
  HardSigmoid: Signature<readonly [x: Value], { readonly alpha: number; readonly beta: number }>;
  /** Each element repeated `scales` times along each axis: whole numbers, a float32 constant. */
  Resize: Signature<
    readonly [x: Value, roi: undefined, scales: Value],
    {
      readonly mode: 'nearest';
      readonly coordinate_transformation_mode: 'asymmetric';
      readonly nearest_mode: 'floor';
    }
  >;
  /** [n, C, h, w], or with `channels_last` [n, h, w, C] -> blocked. */
  ReorderInput: Signature<readonly [x: Value], { readonly channels_last: boolean }>;
  /** Blocked -> [n, C, h, w], or with `channels_last` [n, h, w, C]. */
  ReorderOutput: Signature<readonly [x: Value], { readonly channels: number; readonly channels_last: boolean }>;
  /** Conv of a blocked x (not blocked where it has fewer channels than a block has) with reordered w. */
  BlockedConv: Signature<readonly [x: Value, w: Value, b?: Value], ConvAttributes & { readonly activation?: 'Relu' }>;
  BlockedMaxPool: Signature<readonly [x: Value], PoolAttributes>;
  BlockedAveragePool: Signature<readonly [x: Value], PoolAttributes>;
}
