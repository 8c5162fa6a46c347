import type { Application, Value } from '../graph/graph.value.ts';
import type { Attributes, OperatorName, Operands } from '../operators/operator.signatures.ts';

/** What forms are chosen by: which kernels the machine's runtime has beyond the standard. */
export interface Kernels {
  /** Channels in a block of the runtime's blocked layout (NCHWc), 16 or 8; 0 where it has none. */
  readonly block: number;
}

/** Kernels of the standard alone. */
export const standardKernels: Kernels = { block: 0 };

/** An operator where it stands, with what a form may ask of its surroundings. */
export interface Site<K extends OperatorName> {
  readonly operands: Operands<K>;
  readonly attributes: Attributes<K>;
  /** What it gives: shape and dtype. */
  readonly result: Value;
  readonly kernels: Kernels;
  /** Whether nothing but this operator reads its first operand. */
  readonly sole: boolean;
}

/** One way to compute what an operator means. */
export interface Form<K extends OperatorName> {
  readonly name: string;
  /** Why it does not suit here; null where it does. */
  readonly unfit: (site: Site<K>) => string | null;
  readonly build: (site: Site<K>) => Value;
}

/** Forms of some operators, the fastest first. */
export type Forms = { readonly [K in OperatorName]?: readonly Form<K>[] };

/** Which form an operator was given, and why none before it. */
export interface Choice {
  readonly application: Application;
  readonly result: Value;
  readonly form: string;
  readonly passed: readonly { readonly form: string; readonly why: string }[];
}
