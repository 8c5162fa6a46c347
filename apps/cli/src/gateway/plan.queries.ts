import type { LimitRequest } from '@haat/packaging/serving';

import { cliError } from '../cli.errors.ts';
import type { FrontierReport, PlanCertificate, PlanChange, PlanReport } from '../output/plan.text.ts';
import type { GatewayClient } from './gateway.client.ts';

/** Changes that the gateway tells in one answer at the most. */
const CHANGES_AT_MOST = 10_000;

interface VersionNode {
  readonly id: string;
  readonly version: number;
  readonly digest: string;
}

interface TodayNode {
  readonly shippingCost: number;
  readonly expectedDamageCost: number;
  readonly assumed: number;
}

interface PlanNode {
  readonly method: string;
  readonly shippingCost: number;
  readonly expectedDamageCost: number;
  readonly certificate: Pick<PlanCertificate, 'objective' | 'lowerBound' | 'gap'>;
  readonly lambda: number | null;
  readonly today: TodayNode;
  readonly products: number;
  readonly leftOut: readonly string[];
  readonly changeCount: number;
  readonly changes: readonly PlanChange[];
  readonly model: VersionNode;
  readonly asOf: string;
  readonly dataRevision: number;
}

/** One part of the changes of a plan. */
interface Page {
  readonly first: number;
  readonly offset: number;
  readonly asOf?: string;
}

const todayFields = 'today { shippingCost expectedDamageCost assumed }';

/**
 * The plan of the platform's products, with its `wanted` largest changes at the most. What one answer does not hold is asked
 * page after page at the same `asOf`.
 * @throws BUDGET_TOO_LOW, DAMAGE_TARGET_TOO_LOW, INVALID_LIMIT, MODEL_NOT_READY, PLAN_CHANGED
 */
export async function askPlan(gateway: GatewayClient, limit: LimitRequest, wanted = Infinity): Promise<PlanReport> {
  const plan = await askPage(gateway, limit, { first: Math.min(wanted, CHANGES_AT_MOST), offset: 0 });
  const changes = [...plan.changes];
  const end = Math.min(wanted, plan.changeCount);
  while (changes.length < end) {
    const first = Math.min(end - changes.length, CHANGES_AT_MOST);
    const more = await askPage(gateway, limit, { first, offset: changes.length, asOf: plan.asOf });
    requireSamePlan(plan, more);
    for (const change of more.changes) changes.push(change);
  }
  return reportOf(plan, changes);
}

async function askPage(gateway: GatewayClient, limit: LimitRequest, page: Page): Promise<PlanNode> {
  const { packagingPlan } = await gateway.ask<{ packagingPlan: PlanNode }>(
    `query CliPlan($budget: AmountOrShare, $damageTarget: AmountOrShare, $asOf: DateTime, $first: Int!, $offset: Int!) {
  packagingPlan(budget: $budget, damageTarget: $damageTarget, asOf: $asOf) {
    method shippingCost expectedDamageCost certificate { objective lowerBound gap } lambda
    ${todayFields}
    products leftOut changeCount
    changes(first: $first, offset: $offset) { productId from to shippingChange damageChange saving }
    model { id version digest } asOf dataRevision
  }
}`,
    { ...limit, ...page },
  );
  return packagingPlan;
}

/** The same model, moment, data and limit give the same plan. */
function requireSamePlan(before: PlanNode, { model, dataRevision, changeCount, changes }: PlanNode): void {
  const same = model.digest === before.model.digest && dataRevision === before.dataRevision;
  if (same && changeCount === before.changeCount && changes.length > 0) return;
  throw cliError(
    'PLAN_CHANGED',
    `The changes of the plan by ${before.model.id} on data revision ${before.dataRevision} were read, and a page of one by ${model.id} on revision ${dataRevision} came. Plan again`,
    { before: before.model.id, after: model.id },
  );
}

function reportOf(plan: PlanNode, changes: readonly PlanChange[]): PlanReport {
  const { today, certificate, method, lambda, asOf } = plan;
  return {
    model: refOf(plan.model),
    asOf,
    summary: {
      products: plan.products,
      changed: plan.changeCount,
      leftOut: plan.leftOut.length,
      assumed: today.assumed,
      shippingCost: { today: today.shippingCost, planned: plan.shippingCost },
      damageCost: { today: today.expectedDamageCost, planned: plan.expectedDamageCost },
    },
    certificate: { ...certificate, method, lambda },
    changes,
  };
}

interface FrontierNode {
  readonly points: readonly {
    readonly shippingCost: number;
    readonly expectedDamageCost: number;
    readonly lambda: number | null;
  }[];
  readonly today: TodayNode;
  readonly products: number;
  readonly model: VersionNode;
  readonly asOf: string;
}

/** The trade-off over the platform's products. @throws MODEL_NOT_READY */
export async function askFrontier(gateway: GatewayClient, points: number): Promise<FrontierReport> {
  const { packagingFrontier: frontier } = await gateway.ask<{ packagingFrontier: FrontierNode }>(
    `query CliFrontier($points: Int!) {
  packagingFrontier(points: $points) {
    points { shippingCost expectedDamageCost lambda }
    ${todayFields}
    products model { id version digest } asOf
  }
}`,
    { points },
  );
  const { today, products, model, asOf } = frontier;
  return {
    model: refOf(model),
    asOf,
    products,
    today: { shipping: today.shippingCost, damage: today.expectedDamageCost },
    points: frontier.points.map(({ shippingCost, expectedDamageCost, lambda }) => ({
      shipping: shippingCost,
      damage: expectedDamageCost,
      lambda,
    })),
  };
}

function refOf({ id, version, digest }: VersionNode) {
  return { model: id.slice(0, id.lastIndexOf('@')), version, digest };
}
