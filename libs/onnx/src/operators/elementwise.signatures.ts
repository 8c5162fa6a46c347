import type { Value } from '../graph/graph.value.ts';
import type { ElementType } from '../graph/tensor.ts';
import type { Binary, Signature, Unary, Variadic } from './signature.ts';

/** One element for each element of the (broadcast) operands. */
export interface ElementwiseSignatures {
  Add: Binary;
  Sub: Binary;
  Mul: Binary;
  Div: Binary;
  /** x to the power y. */
  Pow: Binary;
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
  BitwiseAnd: Binary;
  BitwiseXor: Binary;
  Neg: Unary;
  Abs: Unary;
  /** -1, 0 or 1. */
  Sign: Unary;
  Floor: Unary;
  IsNaN: Unary;
  Exp: Unary;
  Log: Unary;
  Sqrt: Unary;
  Sin: Unary;
  Cos: Unary;
  Erf: Unary;
  Sigmoid: Unary;
  Tanh: Unary;
  Relu: Unary;
  /** x above 0, alpha x below. */
  LeakyRelu: Signature<readonly [x: Value], { readonly alpha: number }>;
  /** ln(1 + exp x) */
  Softplus: Unary;
  /** x times the normal distribution function of x. */
  Gelu: Unary;
  Where: Signature<readonly [condition: Value, x: Value, y: Value]>;
  /** Bounds are scalars. */
  Clip: Signature<readonly [x: Value, least?: Value, most?: Value]>;
  Cast: Signature<readonly [x: Value], { readonly to: ElementType }>;
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
