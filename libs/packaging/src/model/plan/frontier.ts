import type { Frontier, Hulls } from './plan.types.ts';

/** `points` plans (at least 2) at even steps of shipping from the cheapest to the safest; all of them when left out. */
export function frontier(hulls: Hulls, points?: number): Frontier {
  throw new Error(`not built yet ${hulls.table.rows} ${String(points)}`);
}
