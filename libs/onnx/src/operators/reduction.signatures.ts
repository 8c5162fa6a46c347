import type { Value } from '../graph/graph.value.ts';
import type { Binary, Signature } from './signature.ts';

type Reduction = Signature<readonly [x: Value, axes: Value], { readonly keepdims?: boolean }>;
type AlongAxis = Signature<readonly [x: Value], { readonly axis: number }>;

/** Operators that sum along an axis, or spread one out. */
export interface ReductionSignatures {
  /** A: [..., m, k], B: [..., k, n] -> [..., m, n]; a vector loses the axis that it lends. */
  MatMul: Binary;
  /** alpha A B + beta C, with A: [m, k], B: [k, n] after the transpositions, C broadcast to [m, n]. */
  Gemm: Signature<
    readonly [a: Value, b: Value, c?: Value],
    { readonly alpha?: number; readonly beta?: number; readonly transA?: boolean; readonly transB?: boolean }
  >;
  /** Sums of products by Einstein's convention (`ij,jk->ik`), with an explicit result; no letter twice in one operand. */
  Einsum: Signature<readonly [first: Value, ...rest: Value[]], { readonly equation: string }>;
  CumSum: Signature<readonly [x: Value, axis: Value], { readonly exclusive?: boolean; readonly reverse?: boolean }>;
  ReduceSum: Reduction;
  ReduceMean: Reduction;
  ReduceMax: Reduction;
  ReduceMin: Reduction;
  /** ln of the sum of exp x, without overflow. */
  ReduceLogSumExp: Reduction;
  Softmax: AlongAxis;
  LogSoftmax: AlongAxis;
  /** The first place of the largest element, int64. */
  ArgMax: Signature<readonly [x: Value], { readonly axis: number; readonly keepdims?: boolean }>;
  /** `depth`: one constant, `values`: [2], what is off and what is on. An index outside [-depth, depth) gives a row of offs. */
  OneHot: Signature<readonly [indices: Value, depth: Value, values: Value], { readonly axis?: number }>;
}
