import type { Attributes, OperatorName } from '../operators/operator.signatures.ts';
import type { Tensor, TensorType } from './tensor.ts';

/** Where a value comes from: the whole graph hangs on its outputs by these links. */
export type Origin =
  | { readonly kind: 'input'; readonly name: string }
  | { readonly kind: 'parameter'; readonly name: string; readonly tensor: Tensor; readonly table?: TableStart }
  | { readonly kind: 'state'; readonly name: string; readonly tensor: Tensor }
  | { readonly kind: 'constant'; readonly tensor: Tensor }
  | { readonly kind: 'operator'; readonly application: Application };

/** A table that is trained by rows: float32 [rows, width], drawn from [-bound, bound) by `seed`. */
export interface TableStart {
  readonly rows: number;
  readonly width: number;
  readonly bound: number;
  readonly seed: number;
}

/** One operator applied: a node of the graph with one result. */
export interface Application<K extends OperatorName = OperatorName> {
  readonly operator: K;
  /** `undefined` for an optional operand that is left out. */
  readonly operands: readonly (Value | undefined)[];
  readonly attributes: Attributes<K>;
}

/** A tensor of a graph in the making, immutable; what is known of it before the graph runs. */
export interface Value extends TensorType {
  readonly origin: Origin;
}

/** Values by name: the outputs of a graph, parameters, gradients. */
export type Values = Readonly<Record<string, Value>>;
