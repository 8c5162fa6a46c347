import type { DomainError } from '@haat/kit';
import { onnxError } from '../onnx.errors.ts';

/** What is wrong with one operand or attribute of an operator. `axis` where the fault lies in one axis. */
export interface Misfit {
  /** The operand or attribute by its name in the signature: `B`, `perm`. */
  readonly of: string;
  readonly axis?: number;
  readonly expected: string;
  readonly got: string;
}

export type Refuse = (misfit: Misfit) => DomainError;

/** INVALID_GRAPH with the operator, the operand, the axis, what was expected and what came. */
export function refusalOf(operator: string): Refuse {
  return ({ of, axis, expected, got }) => {
    const place = axis === undefined ? of : `axis ${axis} of ${of}`;
    return onnxError('INVALID_GRAPH', `${operator}: ${place}: expected ${expected}, got ${got}`, {
      operator,
      of,
      ...(axis !== undefined && { axis }),
      expected,
      got,
    });
  };
}
