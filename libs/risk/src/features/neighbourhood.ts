import type { RiskFacts } from '../contract/index.ts';

/** Farther away than anybody looks. */
const FAR = 255;

/**
 * How many contacts each person is away from those who changed, whoever exposed whom: 0 for themselves, 255 beyond `hops`. O(hops * contacts).
 *
 * @param changed positions
 * @param hops below 255
 */
export function distancesFrom(
  { persons, contacts }: Pick<RiskFacts, 'persons' | 'contacts'>,
  changed: Iterable<number>,
  hops: number,
): Uint8Array {
  const distance = new Uint8Array(persons.id.length).fill(FAR);
  for (const person of changed) distance[person] = 0;
  for (let hop = 1; hop <= hops; hop++) {
    for (const { rows, from, to } of contacts) {
      for (let row = 0; row < rows; row++) {
        const [a, b] = [from[row]!, to[row]!];
        if (distance[a]! === hop - 1 && distance[b]! > hop) distance[b] = hop;
        else if (distance[b]! === hop - 1 && distance[a]! > hop) distance[a] = hop;
      }
    }
  }
  return distance;
}
