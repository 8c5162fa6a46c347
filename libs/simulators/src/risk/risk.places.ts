import type { RandomStream } from '../random/random.stream.ts';
import { riskConstants } from './risk.constants.ts';

/** Where persons belong. */
export interface Places {
  readonly households: readonly (readonly number[])[];
  readonly workplaces: readonly (readonly number[])[];
  /** Position of the workplace of each person. */
  readonly workplaceOf: Int32Array;
}

/** Everybody in one household of neighbours, and one workplace of a mixed order. */
export function placesOf(persons: number, random: RandomStream): Places {
  const households: number[][] = [];
  for (let person = 0; person < persons;) {
    const size = Math.min(persons - person, 1 + random.below(riskConstants.household));
    households.push(Array.from({ length: size }, (_, k) => person + k));
    person += size;
  }
  const mixed = Int32Array.from({ length: persons }, (_, k) => k);
  for (let k = persons - 1; k > 0; k--) {
    const other = random.below(k + 1);
    [mixed[k], mixed[other]] = [mixed[other]!, mixed[k]!];
  }
  const workplaces: number[][] = [];
  const workplaceOf = new Int32Array(persons);
  for (let at = 0; at < persons; at += riskConstants.workplace) {
    const members = [...mixed.subarray(at, at + riskConstants.workplace)];
    for (const member of members) workplaceOf[member] = workplaces.length;
    workplaces.push(members);
  }
  return { households, workplaces, workplaceOf };
}
