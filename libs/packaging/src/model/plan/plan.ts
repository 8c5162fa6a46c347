import type { CostTable, Hulls, Plan, PlanLimit } from './plan.types.ts';

/** Least damage within a shipping budget (INR a month): LP optimum of the hulls and greedy fill. Throws BUDGET_TOO_LOW. */
export function selectForBudget(hulls: Hulls, budget: number): Plan {
  throw new Error(`not built yet ${hulls.table.rows} ${budget}`);
}

/** Least shipping within a damage target (INR a month). Throws DAMAGE_TARGET_TOO_LOW. */
export function selectForDamageTarget(hulls: Hulls, damageTarget: number): Plan {
  throw new Error(`not built yet ${hulls.table.rows} ${damageTarget}`);
}

/** The plan for a limit: exact for up to 2,000 products, else LP and greedy fill with its gap. */
export function planWithin(hulls: Hulls, limit: PlanLimit): Plan {
  throw new Error(`not built yet ${hulls.table.rows} ${JSON.stringify(limit)}`);
}

/** Least shipping + damage for every product. Throws NO_FEASIBLE_PACKAGE. */
export function leastTotalCost(table: CostTable): { assignment: Uint8Array; shipping: number; damage: number } {
  throw new Error(`not built yet ${table.rows}`);
}
