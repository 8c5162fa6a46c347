/** The latest promotion of one version that was no rollback. */
export interface Promotion {
  readonly version: number;
  /** The champion that it took over from; null where there was none. */
  readonly previousVersion: number | null;
  readonly archived: boolean;
}

/**
 * The version to roll back to from `current`: the one that it took over from when it was last promoted, so that a second
 * rollback goes a step further back and never to what was just left. Archived ones are passed over. Null where there is none.
 */
export function formerChampion(promotions: readonly Promotion[], current: number): number | null {
  const byVersion = new Map(promotions.map((promotion) => [promotion.version, promotion]));
  const seen = new Set([current]);
  for (let at = byVersion.get(current)?.previousVersion ?? null; at !== null && !seen.has(at);) {
    const former = byVersion.get(at);
    if (former === undefined || !former.archived) return at;
    seen.add(at);
    at = former.previousVersion;
  }
  return null;
}
