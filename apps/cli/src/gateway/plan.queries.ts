import type { LimitRequest } from '@haat/packaging/serving';

import type { FrontierReport, PlanCertificate, PlanChange, PlanReport } from '../output/plan.text.ts';
import type { GatewayClient } from './gateway.client.ts';

/** Changes that the gateway tells in one answer at the most. */
export const CHANGES_AT_MOST = 10_000;

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
}

const todayFields = 'today { shippingCost expectedDamageCost assumed }';

/** The plan of the platform's products. @throws BUDGET_TOO_LOW, DAMAGE_TARGET_TOO_LOW, INVALID_LIMIT, MODEL_NOT_READY */
export async function askPlan(gateway: GatewayClient, limit: LimitRequest): Promise<PlanReport> {
  const { packagingPlan: plan } = await gateway.ask<{ packagingPlan: PlanNode }>(
    `query CliPlan($budget: AmountOrShare, $damageTarget: AmountOrShare, $first: Int!) {
  packagingPlan(budget: $budget, damageTarget: $damageTarget) {
    method shippingCost expectedDamageCost certificate { objective lowerBound gap } lambda
    ${todayFields}
    products leftOut changeCount
    changes(first: $first) { productId from to shippingChange damageChange saving }
    model { id version digest } asOf
  }
}`,
    { ...limit, first: CHANGES_AT_MOST },
  );
  const { today, certificate, method, lambda, changes, asOf } = plan;
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
