import { bool, constant, float32, float64, int32, int64, strings } from '@haat/onnx';
import type { ElementType, Shape, Tensor, Value } from '@haat/onnx';

/** Between what and what the numbers of an input are, where the operator asks for it: -2 to 2, away from 0. */
export type Interval = readonly [least: number, most: number];

/** Declares an input of the case's graph. */
export type Declare = (name: string, dtype: ElementType, shape: Shape, interval?: Interval) => Value;

/** A graph around one operator; `dtype` is that of the operand that decides the operator's kernel. */
export type OperatorCase = (dtype: ElementType, declare: Declare) => Value;

/** Cases for each operator of a family. */
export type Cases<K extends string> = { readonly [Name in K]: readonly OperatorCase[] };

/** A constant of the wanted element type; numbers become what the type can hold. */
export function constantOf(dtype: ElementType, data: readonly number[], shape?: readonly number[]): Value {
  return constant(tensorOf[dtype](data, shape));
}

const tensorOf: Readonly<Record<ElementType, (data: readonly number[], shape?: readonly number[]) => Tensor>> = {
  float32,
  float64,
  int32,
  int64,
  bool: (data, shape) => bool(data.map(Boolean), shape),
  string: (data, shape) => strings(data.map(String), shape),
};
