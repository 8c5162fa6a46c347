import { trajectoriesIn } from '../sampler/trajectories.ts';

/**
 * The trajectories of persons in a window that begins `moved` days later: [4, persons], first days in E, I and R, and days in I before the window. What had not come by the end has not
 * come; what came before the new first day was before the window, and whoever is infectious on that day has been so for the days that it really was.
 *
 * @param days of the window before
 * @param last days of the new one
 */
export function movedTrajectories(before: Uint8Array, days: number, moved: number, last = days): Uint8Array {
  const persons = before.length / 4;
  const after = new Uint8Array(before.length);
  const [from, to] = [trajectoriesIn(before), trajectoriesIn(after)];
  const later = (day: number) => (day >= days ? last : Math.min(last, Math.max(0, day - moved)));
  for (let person = 0; person < persons; person++) {
    const began = from.infectious[person]!;
    const removed = later(from.removed[person]!);
    const infectious = removed > 0 && began <= moved && began < days;
    to.exposed[person] = later(from.exposed[person]!);
    to.infectious[person] = later(began);
    to.removed[person] = removed;
    to.lead[person] = infectious ? (began === 0 ? from.lead[person]! : 0) + moved - began : 0;
  }
  return after;
}

/** Trajectories of `persons` persons who are never infected in a window of `days` days. */
export function neverInfected(persons: number, days: number): Uint8Array {
  return new Uint8Array(4 * persons).fill(days, 0, 3 * persons);
}
