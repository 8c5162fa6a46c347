import type { PairExposure } from './pair.exposures.ts';

/** Persons by the component of the graph of exposures that they are in, each ascending, by their first person. */
export function components(persons: number, exposures: readonly PairExposure[]): readonly (readonly number[])[] {
  const parent = Uint32Array.from({ length: persons }, (_, person) => person);
  const root = (person: number): number => {
    let at = person;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]!]!;
      at = parent[at]!;
    }
    return at;
  };
  for (const { from, to } of exposures) {
    const [a, b] = [root(from), root(to)];
    parent[Math.max(a, b)] = Math.min(a, b);
  }
  const members = new Map<number, number[]>();
  for (let person = 0; person < persons; person++) {
    const at = root(person);
    const own = members.get(at);
    if (own) own.push(person);
    else members.set(at, [person]);
  }
  return [...members.values()];
}
