import type { Value } from './graph.value.ts';
import type { ElementType } from './tensor.ts';

interface Signature<Operands extends readonly (Value | undefined)[], Attributes = Record<never, never>> {
  readonly operands: Operands;
  readonly attributes: Attributes;
}

type Unary = Signature<readonly [x: Value]>;
type Binary = Signature<readonly [a: Value, b: Value]>;
type Variadic = Signature<readonly [first: Value, ...rest: Value[]]>;

/**
 * The operators that graphs are made of, with the operands and attributes of the ONNX standard under its names. Operands
 * that must be constants (shapes, axes, sizes) are int64 constants: see `ints`.
 */
export interface OperatorSignatures {
  Add: Binary;
  Sub: Binary;
  Mul: Binary;
  Div: Binary;
  Max: Variadic;
  Min: Variadic;
  Equal: Binary;
  Less: Binary;
  LessOrEqual: Binary;
  Greater: Binary;
  GreaterOrEqual: Binary;
  And: Binary;
  Or: Binary;
  Not: Unary;
  Neg: Unary;
  Abs: Unary;
  Exp: Unary;
  Log: Unary;
  Sqrt: Unary;
  Sigmoid: Unary;
  Where: Signature<readonly [condition: Value, x: Value, y: Value]>;
  /** Bounds are scalars. */
  Clip: Signature<readonly [x: Value, least?: Value, most?: Value]>;
  Cast: Signature<readonly [x: Value], { readonly to: ElementType }>;
  /** A: [..., m, k], B: [..., k, n] -> [..., m, n]; a vector loses the axis that it lends. */
  MatMul: Binary;
  /** alpha A B + beta C, with A: [m, k], B: [k, n] after the transpositions, C broadcast to [m, n]. */
  Gemm: Signature<
    readonly [a: Value, b: Value, c?: Value],
    { readonly alpha?: number; readonly beta?: number; readonly transA?: boolean; readonly transB?: boolean }
  >;
  Concat: Signature<readonly [first: Value, ...rest: Value[]], { readonly axis: number }>;
  /** In `shape`, 0 keeps the axis of the input and one -1 takes what is left over. */
  Reshape: Signature<readonly [x: Value, shape: Value]>;
  Unsqueeze: Signature<readonly [x: Value, axes: Value]>;
  Squeeze: Signature<readonly [x: Value, axes: Value]>;
  Transpose: Signature<readonly [x: Value], { readonly perm: readonly number[] }>;
  /** The slices of `x` along `axis` at `indices`; a negative index counts from the end. */
  Gather: Signature<readonly [x: Value, indices: Value], { readonly axis?: number }>;
  /** Along axes whose size is fixed. */
  Slice: Signature<readonly [x: Value, starts: Value, ends: Value, axes: Value, steps?: Value]>;
  CumSum: Signature<readonly [x: Value, axis: Value], { readonly exclusive?: boolean; readonly reverse?: boolean }>;
  ReduceSum: Signature<readonly [x: Value, axes: Value], { readonly keepdims?: boolean }>;
  /** `depth`: one constant, `values`: [2], what is off and what is on. An index outside [-depth, depth) gives a row of offs. */
  OneHot: Signature<readonly [indices: Value, depth: Value, values: Value], { readonly axis?: number }>;
  /** Text -> number by a table (ai.onnx.ml); a text that is not in it gets the default. */
  LabelEncoder: Signature<
    readonly [x: Value],
    | {
        readonly keys_strings: readonly string[];
        readonly values_int64s: readonly number[];
        readonly default_int64: number;
      }
    | {
        readonly keys_strings: readonly string[];
        readonly values_floats: readonly number[];
        readonly default_float: number;
      }
  >;
}

export type OperatorName = keyof OperatorSignatures;
export type Operands<K extends OperatorName> = OperatorSignatures[K]['operands'];
export type Attributes<K extends OperatorName> = OperatorSignatures[K]['attributes'];
