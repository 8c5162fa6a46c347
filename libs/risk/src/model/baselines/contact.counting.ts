import type { RiskProblem } from '../../contract/index.ts';

export interface ContactCounting {
  /** Contacts of so many days up to the window's end count. Default 14. */
  readonly lookBack?: number;
  /** With persons who had a positive test at most so many days before or after the contact. Default 7. */
  readonly positiveWithin?: number;
}

/**
 * [persons]: contacts of each, in units, with somebody who had a positive test about then, whatever the channel: naive tracing. Of a contact that is not mutual
 * only who was exposed counts it. O(contacts + tests).
 */
export function contactCounts(
  { persons, days, contacts, tests }: Pick<RiskProblem, 'persons' | 'days' | 'contacts' | 'tests'>,
  { lookBack = 14, positiveWithin = 7 }: ContactCounting = {},
): Float64Array {
  const near = nearPositive(persons, days, tests, positiveWithin);
  const counts = new Float64Array(persons);
  for (const { rows, from, to, day, count, mutual } of contacts) {
    for (let row = 0; row < rows; row++) {
      const on = day[row]!;
      if (on < days - lookBack) continue;
      const [a, b] = [from[row]!, to[row]!];
      if (near[a * days + on] === 1) counts[b]! += count[row]!;
      if (mutual[row] === 1 && near[b * days + on] === 1) counts[a]! += count[row]!;
    }
  }
  return counts;
}

/** [persons, days]: 1 on days about a positive test of the person. */
function nearPositive(persons: number, days: number, tests: RiskProblem['tests'], within: number): Uint8Array {
  const near = new Uint8Array(persons * days);
  for (let row = 0; row < tests.rows; row++) {
    if (tests.positive[row] !== 1) continue;
    const [at, on] = [tests.person[row]! * days, tests.day[row]!];
    near.fill(1, at + Math.max(0, on - within), at + Math.min(days, on + within + 1));
  }
  return near;
}
