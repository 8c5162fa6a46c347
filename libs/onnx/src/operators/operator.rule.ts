import type { Attributes, OperatorName, Operands } from './operator.signatures.ts';
import type { Refuse } from '../graph/refusal.ts';
import type { ElementType, TensorType } from '../graph/tensor.ts';

/** How an attribute is written. A `flag` is the int 0 or 1, a `dtype` the number of an element type. */
export type AttributeKind = 'int' | 'flag' | 'float' | 'dtype' | 'string' | 'ints' | 'floats' | 'strings';

type KeysOfUnion<T> = T extends unknown ? keyof T & string : never;

/** What the builder knows of one operator. */
export interface OperatorRule<K extends OperatorName> {
  /** '' for ONNX's own operators, 'haat' for those that no file holds. */
  readonly domain: '' | 'ai.onnx.ml' | 'com.microsoft.nchwc' | 'haat';
  /** Where the file has it under another name or as a later result: MaxPoolIndices is result 1 of MaxPool. */
  readonly resultOf?: { readonly operator: string; readonly position: number };
  /** Names of the operands, for messages; the last one stands for any that follow. */
  readonly operands: readonly string[];
  /** Element types that the operand `subject` (by position, default 0) may have: those that the runtime has a kernel for. */
  readonly dtypes: readonly ElementType[];
  readonly subject?: number;
  readonly attributes: { readonly [A in KeysOfUnion<Attributes<K>>]: AttributeKind };
  /** Type of the result. Throws what `refuse` makes when operands or attributes do not fit. */
  readonly infer: (operands: Operands<K>, attributes: Attributes<K>, refuse: Refuse) => TensorType;
}

/** The rules of some operators. */
export type Rules<K extends OperatorName> = { readonly [Name in K]: OperatorRule<Name> };
