import { coreSearch } from './core.search.ts';
import { totalsOf } from './cost.table.ts';
import { certifiedPlan, filledPlan, selectForBudget, selectForDamageTarget, selectWithin } from './plan.ts';
import type { Hulls, Plan, PlanLimit } from './plan.types.ts';

/** Up to this many products are planned exactly. */
export const EXACT_PRODUCTS = 2000;
/** States that the exact search may make; a limit of work that gives the same answer on every machine. */
const MAX_STATES = 1_000_000;

/**
 * The optimum within a limit, by a dynamic programme over the core (Pisinger 1995): the products whose LP choice may still change.
 * Meant for up to 2,000 products; when it would make more than `maxStates` states it stops, `method` is `stopped-core`, and
 * the gap says what is left. Sums are compared to 1e-12 of the limit.
 *
 * @throws BUDGET_TOO_LOW, DAMAGE_TARGET_TOO_LOW
 */
export function exactPlan(hulls: Hulls, limit: PlanLimit, options: { readonly maxStates?: number } = {}): Plan {
  const selected = selectWithin(hulls, limit);
  const { chains, objective, selection } = selected;
  const filled = filledPlan(selected);
  if (selection.criticalPrice === Infinity) return { ...filled, method: 'exact' };
  const found = coreSearch(chains, selected.limit, selection, filled[objective], options.maxStates ?? MAX_STATES);
  const assignment = found.assignment ?? filled.assignment;
  const lowerBound = found.complete ? Infinity : Math.max(found.lowerBound, selection.lowerBound);
  return certifiedPlan(
    assignment,
    totalsOf(hulls.table, assignment),
    objective,
    { lowerBound, criticalPrice: selection.criticalPrice },
    found.complete ? 'exact' : 'stopped-core',
  );
}

/** The plan for a limit: exact for up to 2,000 products, else LP and greedy fill with its gap. */
export function planWithin(hulls: Hulls, limit: PlanLimit): Plan {
  if (hulls.table.rows <= EXACT_PRODUCTS) return exactPlan(hulls, limit);
  return 'budget' in limit ? selectForBudget(hulls, limit.budget) : selectForDamageTarget(hulls, limit.damageTarget);
}
