export { costTable, currentAssignment, infeasibleRows, leastTotalCost, totalsOf } from './cost.table.ts';
export { EXACT_PRODUCTS, exactPlan, planWithin } from './exact.plan.ts';
export { frontier } from './frontier.ts';
export { lowerHulls } from './lower.hulls.ts';
export { selectForBudget, selectForDamageTarget } from './plan.ts';
export * from './plan.types.ts';
export { switchingPrices, type SwitchingPrice } from './switching.prices.ts';
