import type { ChainState } from '../sampler/chain.state.ts';

/** Trajectories of persons, as `ChainState` holds them. */
export type Trajectories = Pick<ChainState, 'exposed' | 'infectious' | 'removed' | 'lead'>;

/** Trajectories that lie one after the other in bytes: [4, persons]. */
export function trajectoriesOf(bytes: Uint8Array): Trajectories {
  const persons = bytes.length / 4;
  const [exposed, infectious, removed, lead] = [0, 1, 2, 3].map((k) => bytes.subarray(k * persons, (k + 1) * persons));
  return { exposed: exposed!, infectious: infectious!, removed: removed!, lead: lead! };
}

/**
 * Takes the trajectories of as many persons over from a window of `days` days that began `moved` days earlier. What had not come by its end has not come; what came
 * before the new first day was before the window, and whoever is infectious on that day has been so for the days that it really was.
 */
export function takeOver(before: Trajectories, days: number, moved: number, into: ChainState): void {
  const { persons, days: last } = into.population;
  const later = (day: number) => (day >= days ? last : Math.min(last, Math.max(0, day - moved)));
  for (let person = 0; person < persons; person++) {
    const [began, ended] = [before.infectious[person]!, before.removed[person]!];
    const removed = later(ended);
    const was = (began === 0 ? before.lead[person]! : 0) + moved - began;
    const lead = removed > 0 && began <= moved && began < days ? Math.max(0, was) : 0;
    into.set(person, later(before.exposed[person]!), later(began), removed, lead);
  }
}
