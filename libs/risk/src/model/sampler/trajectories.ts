/** What becomes of everybody in a window, [persons] each. */
export interface Trajectories {
  /** First days in E, I and R; the number of days where there is none. */
  readonly exposed: Uint8Array;
  readonly infectious: Uint8Array;
  readonly removed: Uint8Array;
  /** Days for which somebody infectious on day 0 has been so before. */
  readonly lead: Uint8Array;
}

/** The four columns of [4, persons], where they lie. */
export function trajectoriesIn(bytes: Uint8Array): Trajectories {
  const persons = bytes.length / 4;
  const column = (k: number) => bytes.subarray(k * persons, (k + 1) * persons);
  return { exposed: column(0), infectious: column(1), removed: column(2), lead: column(3) };
}

/** Writes trajectories to [4, persons]. */
export function writeTrajectories({ exposed, infectious, removed, lead }: Trajectories, into: Uint8Array): void {
  const columns = trajectoriesIn(into);
  columns.exposed.set(exposed);
  columns.infectious.set(infectious);
  columns.removed.set(removed);
  columns.lead.set(lead);
}
