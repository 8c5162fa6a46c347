import type { Value } from '../graph/graph.value.ts';
import type { Signature, Unary } from './signature.ts';

/** Operators that move elements and leave them as they are. */
export interface LayoutSignatures {
  Concat: Signature<readonly [first: Value, ...rest: Value[]], { readonly axis: number }>;
  /** In `shape`, 0 keeps the axis of the input (or is a size, with `allowzero`) and one -1 takes what is left over. */
  Reshape: Signature<readonly [x: Value, shape: Value], { readonly allowzero?: boolean }>;
  Unsqueeze: Signature<readonly [x: Value, axes: Value]>;
  Squeeze: Signature<readonly [x: Value, axes: Value]>;
  Transpose: Signature<readonly [x: Value], { readonly perm: readonly number[] }>;
  /** `x` stretched to the shape that it and `shape` broadcast to. */
  Expand: Signature<readonly [x: Value, shape: Value]>;
  /** `pads`: how many elements come before each axis, then how many after; a negative number takes away. */
  Pad: Signature<readonly [x: Value, pads: Value, value?: Value]>;
  /** The sizes of the axes from `start` to before `end`, int64. */
  Shape: Signature<readonly [x: Value], { readonly start?: number; readonly end?: number }>;
  /** How many elements, an int64 scalar. */
  Size: Unary;
  /** 0, 1, ... before `limit` (start 0, step 1), in the dtype of the three scalars. */
  Range: Signature<readonly [start: Value, limit: Value, step: Value]>;
  /** The slices of `x` along `axis` at `indices`; a negative index counts from the end. */
  Gather: Signature<readonly [x: Value, indices: Value], { readonly axis?: number }>;
  /** For each element of `indices`, the element of `x` at the same place but for `axis`, where the index says. */
  GatherElements: Signature<readonly [x: Value, indices: Value], { readonly axis?: number }>;
  /** The last axis of `indices` names places in the first axes of `x`: [..., k] -> [..., rest of x]. */
  GatherND: Signature<readonly [x: Value, indices: Value]>;
  /** `x` with `updates` added at the places that GatherElements would read. */
  ScatterElements: Signature<
    readonly [x: Value, indices: Value, updates: Value],
    { readonly axis?: number; readonly reduction: 'add' }
  >;
  /** `x` with `updates` added at the places that GatherND would read. */
  ScatterND: Signature<readonly [x: Value, indices: Value, updates: Value], { readonly reduction: 'add' }>;
  /** Along axes whose size is fixed. */
  Slice: Signature<readonly [x: Value, starts: Value, ends: Value, axes: Value, steps?: Value]>;
}
