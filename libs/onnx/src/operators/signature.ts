import type { Value } from '../graph/graph.value.ts';

export interface Signature<Operands extends readonly (Value | undefined)[], Attributes = Record<never, never>> {
  readonly operands: Operands;
  readonly attributes: Attributes;
}

export type Unary = Signature<readonly [x: Value]>;
export type Binary = Signature<readonly [a: Value, b: Value]>;
export type Variadic = Signature<readonly [first: Value, ...rest: Value[]]>;
