import { coreSearch } from './core.search.ts';
import { assignmentOf, certifiedPlan, limitedChains, selectForBudget, selectForDamageTarget } from './plan.ts';
import type { Hulls, Plan, PlanLimit } from './plan.types.ts';
import { select } from './selection.ts';

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
  const { chains, limit: amount, objective } = limitedChains(hulls, limit);
  const selection = select(chains, amount);
  const greedy = assignmentOf(chains, selection.filledVertex);
  const relaxed = certifiedPlan(hulls.table, objective, greedy, selection, 'lp-greedy');
  if (selection.criticalPrice === Infinity) return { ...relaxed, method: 'exact' };
  const found = coreSearch(chains, amount, selection, relaxed[objective], options.maxStates ?? MAX_STATES);
  const assignment = found.assignment ?? greedy;
  const { criticalPrice } = selection;
  const lowerBound = found.complete ? Infinity : Math.max(found.lowerBound, selection.lowerBound);
  return certifiedPlan(
    hulls.table,
    objective,
    assignment,
    { lowerBound, criticalPrice },
    found.complete ? 'exact' : 'stopped-core',
  );
}

/** The plan for a limit: exact for up to 2,000 products, else LP and greedy fill with its gap. */
export function planWithin(hulls: Hulls, limit: PlanLimit): Plan {
  if (hulls.table.rows <= EXACT_PRODUCTS) return exactPlan(hulls, limit);
  return 'budget' in limit ? selectForBudget(hulls, limit.budget) : selectForDamageTarget(hulls, limit.damageTarget);
}
