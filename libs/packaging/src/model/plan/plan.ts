import { packagingError } from '../../contract/index.ts';
import { chainsForBudget, chainsForDamageTarget, type Chains } from './chains.ts';
import type { Hulls, Plan, PlanLimit, PlanMethod, PlanTotals } from './plan.types.ts';
import { select, type Selection } from './selection.ts';

/** A limit as a knapsack, with the LP's answer. */
export interface LimitedSelection {
  readonly chains: Chains;
  readonly limit: number;
  readonly objective: Plan['objective'];
  readonly selection: Selection;
}

const inr = (value: number) => `INR ${value.toLocaleString('en-IN', { maximumFractionDigits: 2 })}`;

/** @throws BUDGET_TOO_LOW, DAMAGE_TARGET_TOO_LOW */
export function selectWithin(hulls: Hulls, limit: PlanLimit): LimitedSelection {
  const [amount, chains, objective] =
    'budget' in limit
      ? ([limit.budget, chainsForBudget(hulls), 'damage'] as const)
      : ([limit.damageTarget, chainsForDamageTarget(hulls), 'shipping'] as const);
  const selection = select(chains, amount);
  if (!('least' in selection)) return { chains, limit: amount, objective, selection };
  const { least } = selection;
  if (objective === 'damage') {
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
function assignmentOf({ rows, vertex }: Chains, vertices: Int32Array): Uint8Array {
  const assignment = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) assignment[row] = vertex[vertices[row]!]!;
  return assignment;
}

/** The plan of an assignment, with its certificate. */
export function certifiedPlan(
  assignment: Uint8Array,
  totals: PlanTotals,
  objective: Plan['objective'],
  { lowerBound, criticalPrice }: Pick<Selection, 'lowerBound' | 'criticalPrice'>,
  method: PlanMethod,
): Plan {
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

/** The plan of a selection: the LP optimum rounded down and filled. */
export function filledPlan({ chains, objective, selection }: LimitedSelection): Plan {
  const { used, value, filledVertex } = selection;
  const totals = objective === 'damage' ? { shipping: used, damage: value } : { shipping: value, damage: used };
  return certifiedPlan(assignmentOf(chains, filledVertex), totals, objective, selection, 'lp-greedy');
}

/**
 * Least damage within a shipping budget (INR a month), in O(n K): the LP optimum of the multiple-choice knapsack and greedy fill.
 *
 * @throws BUDGET_TOO_LOW
 */
export function selectForBudget(hulls: Hulls, budget: number): Plan {
  return filledPlan(selectWithin(hulls, { budget }));
}

/**
 * Least shipping within a damage target (INR a month), in O(n K).
 *
 * @throws DAMAGE_TARGET_TOO_LOW
 */
export function selectForDamageTarget(hulls: Hulls, damageTarget: number): Plan {
  return filledPlan(selectWithin(hulls, { damageTarget }));
}
