import type { Refuse } from '../graph/refusal.ts';

/** `ij,jk->ik`: the letters of each operand and of the result. */
export interface Equation {
  readonly terms: readonly string[];
  readonly result: string;
}

/** Throws unless there is a term of distinct letters for each operand and every letter of the result stands in one. */
export function equationOf(equation: string, operands: number, refuse: Refuse): Equation {
  const wrong = (expected: string, got: string) => refuse({ of: 'equation', expected, got });
  const [left, result, ...more] = equation.split('->');
  if (result === undefined || more.length > 0) throw wrong('one "->"', equation);
  const terms = left!.split(',');
  if (terms.length !== operands) throw wrong(`${operands} terms, one for each operand`, `${terms.length}`);
  for (const term of [...terms, result]) {
    if (!/^[a-z]*$/.test(term)) throw wrong('letters a to z', `"${term}"`);
    if (new Set(term).size !== term.length) throw wrong('no letter twice in a term', `"${term}"`);
  }
  const unknown = [...result].find((letter) => !left!.includes(letter));
  if (unknown !== undefined) throw wrong('a result of letters of the operands', unknown);
  return { terms, result };
}
