import { packagingError } from '../../contract/index.ts';
import { chainsForBudget, chainsForDamageTarget, type Chains } from './chains.ts';
import { totalsOf } from './cost.table.ts';
import type { CostTable, Hulls, Plan, PlanLimit, PlanMethod } from './plan.types.ts';
import { leastResource, LIMIT_TOLERANCE, select, type Selection } from './selection.ts';

/** A limit as a knapsack, checked: at least one plan keeps it. */
export interface LimitedChains {
  readonly chains: Chains;
  readonly limit: number;
  readonly objective: Plan['objective'];
}

const inr = (value: number) => `INR ${value.toLocaleString('en-IN', { maximumFractionDigits: 2 })}`;

/** @throws BUDGET_TOO_LOW, DAMAGE_TARGET_TOO_LOW */
export function limitedChains(hulls: Hulls, limit: PlanLimit): LimitedChains {
  const amount = 'budget' in limit ? limit.budget : limit.damageTarget;
  const chains = 'budget' in limit ? chainsForBudget(hulls) : chainsForDamageTarget(hulls);
  const least = leastResource(chains);
  if (amount * (1 + LIMIT_TOLERANCE) >= least) {
    return { chains, limit: Math.max(amount, least), objective: 'budget' in limit ? 'damage' : 'shipping' };
  }
  if ('budget' in limit) {
    throw packagingError(
      'BUDGET_TOO_LOW',
      `Budget: the cheapest plan costs ${inr(least)} of shipping a month, got ${inr(amount)}.`,
      { field: 'budget', least, got: amount },
    );
  }
  throw packagingError(
    'DAMAGE_TARGET_TOO_LOW',
    `Damage target: the safest plan leaves ${inr(least)} of damage a month, got ${inr(amount)}.`,
    { field: 'damageTarget', least, got: amount },
  );
}

/** Package of each product at its vertex. */
export function assignmentOf({ rows, vertex }: Chains, vertices: Int32Array): Uint8Array {
  const assignment = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) assignment[row] = vertex[vertices[row]!]!;
  return assignment;
}

/** An assignment with its totals and its certificate. */
export function certifiedPlan(
  table: CostTable,
  objective: Plan['objective'],
  assignment: Uint8Array,
  { lowerBound, criticalPrice }: Pick<Selection, 'lowerBound' | 'criticalPrice'>,
  method: PlanMethod,
): Plan {
  const totals = totalsOf(table, assignment);
  const reached = totals[objective];
  const certified = Math.max(0, Math.min(lowerBound, reached));
  return {
    assignment,
    ...totals,
    objective,
    lowerBound: certified,
    gap: reached > 0 ? (reached - certified) / reached : 0,
    lambda: objective === 'damage' ? criticalPrice : 1 / criticalPrice,
    method,
  };
}

function lpGreedyPlan(hulls: Hulls, limit: PlanLimit): Plan {
  const { chains, limit: amount, objective } = limitedChains(hulls, limit);
  const selection = select(chains, amount);
  return certifiedPlan(hulls.table, objective, assignmentOf(chains, selection.filledVertex), selection, 'lp-greedy');
}

/**
 * Least damage within a shipping budget (INR a month), in O(n K): the LP optimum of the multiple-choice knapsack and greedy fill.
 *
 * @throws BUDGET_TOO_LOW
 */
export function selectForBudget(hulls: Hulls, budget: number): Plan {
  return lpGreedyPlan(hulls, { budget });
}

/**
 * Least shipping within a damage target (INR a month), in O(n K).
 *
 * @throws DAMAGE_TARGET_TOO_LOW
 */
export function selectForDamageTarget(hulls: Hulls, damageTarget: number): Plan {
  return lpGreedyPlan(hulls, { damageTarget });
}
