import type { RiskFacts } from '../contract/index.ts';

/** Weights of what speaks for following the sources of somebody: own results before reports, these before any number of contacts. */
const [TESTED, REPORTED] = [1e9, 1e6];

/**
 * The `count` persons whose sources of infection are followed: those with a positive test first, then those who reported symptoms,
 * then those who met most of the former; of equals the first. In ascending order.
 */
export function explainedPersons({ persons, contacts, tests, symptoms }: RiskFacts, count: number): number[] {
  const total = persons.id.length;
  const weight = new Float64Array(total);
  for (let row = 0; row < tests.rows; row++) if (tests.positive[row] === 1) weight[tests.person[row]!]! += TESTED;
  for (const person of symptoms.person) weight[person]! += REPORTED;
  const marked = weight.map((one) => Number(one > 0));
  for (const { rows, from, to, mutual } of contacts) {
    for (let row = 0; row < rows; row++) {
      const [a, b] = [from[row]!, to[row]!];
      if (marked[a] === 1) weight[b]! += 1;
      if (marked[b] === 1 && mutual[row] === 1) weight[a]! += 1;
    }
  }
  const order = Array.from({ length: total }, (_, person) => person).sort((a, b) => weight[b]! - weight[a]! || a - b);
  return order.slice(0, count).sort((a, b) => a - b);
}
