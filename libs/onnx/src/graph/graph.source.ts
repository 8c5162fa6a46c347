import type { Choice } from '../lowering/form.ts';
import type { Target } from '../lowering/lowering.ts';
import type { Value, Values } from './graph.value.ts';
import type { Tensors } from './tensor.ts';

/** What a file is made from. */
export interface GraphSpec {
  readonly name: string;
  /** In the order in which they stand in the file. A parameter or state that is listed is an input, and not part of the file. */
  readonly inputs: readonly Value[];
  readonly outputs: Values;
  readonly metadata?: Readonly<Record<string, string>>;
  /** Tensors for parameters and states by name, instead of those that they were declared with. */
  readonly tensors?: Tensors;
  /** What it is written for, default any runtime of the standard. */
  readonly target?: Target;
  /** Hears which form each operator was given. */
  readonly told?: (choice: Choice) => void;
}
