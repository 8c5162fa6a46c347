import type { RiskProblem } from '../../contract/index.ts';

/**
 * Whom each person met by given channels in the last days of the window, in either direction, ascending: as its household. O(contacts).
 *
 * @param lookBack days up to the window's end
 */
export function closeContacts(
  { persons, days, contacts }: Pick<RiskProblem, 'persons' | 'days' | 'contacts'>,
  channels: readonly number[],
  lookBack: number,
): readonly (readonly number[])[] {
  const met = Array.from({ length: persons }, () => new Set<number>());
  for (const { rows, from, to, day, channel } of contacts) {
    for (let row = 0; row < rows; row++) {
      if (day[row]! < days - lookBack || !channels.includes(channel[row]!)) continue;
      met[from[row]!]!.add(to[row]!);
      met[to[row]!]!.add(from[row]!);
    }
  }
  return met.map((others) => [...others].sort((a, b) => a - b));
}
