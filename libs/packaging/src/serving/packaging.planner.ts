import type { ModelRef } from '@haat/kit';
import { frontier, planWithin, type Plan } from '../model/index.ts';
import { planLimit, type LimitRequest } from './plan.limit.ts';
import { planningTable, type PlanningSource, type PlanningTable, type TodaysPackages } from './planning.table.ts';
import type { ModelProvider } from './served.model.ts';

/** One product whose package changes. Money a month; negative is less than today. */
export interface PackageChange {
  readonly productId: string;
  /** Code of today's package; null where none is recorded that takes the product. */
  readonly from: string | null;
  readonly to: string;
  readonly shippingChange: number;
  readonly damageChange: number;
  /** Less shipping and less damage together. */
  readonly saving: number;
}

/** A package for every product within a limit, with its certificate, beside what is done today. */
export interface PackagingPlan extends Plan {
  readonly ref: ModelRef;
  readonly asOf: Date;
  /** State of the data that was read: the same model, `asOf`, revision and limit give the same plan. */
  readonly dataRevision: number;
  readonly products: number;
  readonly today: TodaysPackages;
  readonly leftOut: readonly string[];
  /** Ranked by saving, the largest first. */
  readonly changes: readonly PackageChange[];
  /** Product id -> package code, for every product. */
  readonly packages: () => ReadonlyMap<string, string>;
}

export interface FrontierPoint {
  readonly shipping: number;
  readonly damage: number;
  /** INR of shipping for the last INR of damage saved. */
  readonly lambda: number;
}

export interface PackagingFrontier {
  readonly ref: ModelRef;
  readonly asOf: Date;
  readonly products: number;
  readonly today: TodaysPackages;
  readonly leftOut: readonly string[];
  /** From the cheapest plan to the safest. */
  readonly points: readonly FrontierPoint[];
}

/** Plans the packages of all products at once. Scores for planning are no served predictions and are not recorded. */
export class PackagingPlanner {
  constructor(
    private readonly model: ModelProvider,
    private readonly source: PlanningSource,
  ) {}

  /** @throws MODEL_NOT_READY, INVALID_LIMIT, BUDGET_TOO_LOW, DAMAGE_TARGET_TOO_LOW */
  async plan(limit: LimitRequest, asOf: Date): Promise<PackagingPlan> {
    const table = await this.#table(asOf);
    const plan = planWithin(table.hulls, planLimit(limit, table.today));
    return {
      ...plan,
      ...summary(table),
      dataRevision: table.dataRevision,
      changes: rankedChanges(table, plan),
      packages: () =>
        new Map(table.facts.id.map((id, row) => [id, table.catalogue.types[plan.assignment[row]!]!.code])),
    };
  }

  /** `points` plans at even steps of shipping cost. @throws MODEL_NOT_READY */
  async frontier(points: number, asOf: Date): Promise<PackagingFrontier> {
    const table = await this.#table(asOf);
    const { shipping, damage, lambda } = frontier(table.hulls, points);
    return {
      ...summary(table),
      points: Array.from(shipping, (cost, k) => ({ shipping: cost, damage: damage[k]!, lambda: lambda[k]! })),
    };
  }

  async #table(asOf: Date): Promise<PlanningTable> {
    return planningTable(await this.model.acquire(), this.source, asOf);
  }
}

function summary({ ref, asOf, facts, today, leftOut }: PlanningTable) {
  return { ref, asOf, products: facts.rows, today, leftOut };
}

function rankedChanges({ facts, catalogue, costs, today }: PlanningTable, { assignment }: Plan): PackageChange[] {
  const changes: PackageChange[] = [];
  for (let row = 0; row < facts.rows; row++) {
    const [before, after] = [today.assignment[row]!, assignment[row]!];
    const recorded = facts.currentPackage[row] === catalogue.types[before]!.code;
    if (before === after && recorded) continue;
    const at = row * costs.packages;
    const shippingChange = costs.shipping[at + after]! - costs.shipping[at + before]!;
    const damageChange = costs.damage[at + after]! - costs.damage[at + before]!;
    changes.push({
      productId: facts.id[row]!,
      from: recorded ? catalogue.types[before]!.code : null,
      to: catalogue.types[after]!.code,
      shippingChange,
      damageChange,
      saving: -(shippingChange + damageChange),
    });
  }
  return changes.sort((a, b) => b.saving - a.saving || (a.productId < b.productId ? -1 : 1));
}
