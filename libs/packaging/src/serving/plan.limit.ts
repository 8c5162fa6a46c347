import { packagingError } from '../contract/index.ts';
import type { PlanLimit, PlanTotals } from '../model/index.ts';

/** An amount of money a month: in INR, or as a share of what today's packages cost (0.95 is 95 %). */
export type AmountOrShare = { readonly inr: number } | { readonly share: number };

/** What a plan must keep to: a shipping budget, or a damage target. */
export type LimitRequest = { readonly budget: AmountOrShare } | { readonly damageTarget: AmountOrShare };

/**
 * The limit in INR a month. A share of a budget is of today's shipping cost, one of a damage target of today's damage cost.
 * Errors: INVALID_LIMIT where an amount is negative or not finite, or a share is so large that its amount is not finite.
 */
export function planLimit(request: LimitRequest, today: PlanTotals): PlanLimit {
  if ('budget' in request) return { budget: inInr('budget', request.budget, today.shipping) };
  return { damageTarget: inInr('damageTarget', request.damageTarget, today.damage) };
}

function inInr(field: string, amount: AmountOrShare, today: number): number {
  const [unit, value] = 'inr' in amount ? (['inr', amount.inr] as const) : (['share', amount.share] as const);
  if (!Number.isFinite(value) || value < 0) {
    throw packagingError('INVALID_LIMIT', `${field}.${unit}: expected a finite number of at least 0, got ${value}`, {
      field: `${field}.${unit}`,
      got: value,
    });
  }
  const inr = unit === 'inr' ? value : value * today;
  if (Number.isFinite(inr)) return inr;
  throw packagingError(
    'INVALID_LIMIT',
    `${field}.share: ${value} of today's ${today} INR a month is no finite amount`,
    {
      field: `${field}.share`,
      got: value,
    },
  );
}
