import type { Hulls, Plan, PlanLimit } from './plan.types.ts';

/** The exact optimum (core dynamic programme over the LP bound), meant for up to 2,000 products. */
export function exactPlan(hulls: Hulls, limit: PlanLimit, options: { maxStates?: number } = {}): Plan {
  throw new Error(`not built yet ${hulls.table.rows} ${JSON.stringify(limit)} ${String(options.maxStates)}`);
}
