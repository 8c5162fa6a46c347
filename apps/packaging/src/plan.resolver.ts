import { packagingError } from '@haat/packaging/contract';
import { PackagingPlanner, type AmountOrShare as Amount, type LimitRequest } from '@haat/packaging/serving';
import { Access, wholeNumber } from '@haat/platform';
import { Args, Int, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import {
  AmountOrShare,
  frontierOf,
  PackageChange,
  PackagingFrontier,
  PackagingPlan,
  planOf,
  planRecord,
} from './plan.types.ts';
import { PackagingStore } from '@haat/packaging/store';
import { PlanQueue } from './plan.queue.ts';

const budgetArgument = {
  type: () => AmountOrShare,
  nullable: true,
  description: "Shipping cost a month at the most; a share is of today's. Least damage within it.",
} as const;
const damageTargetArgument = {
  type: () => AmountOrShare,
  nullable: true,
  description: "Expected damage cost a month at the most; a share is of today's. Least shipping within it.",
} as const;
const asOfArgument = { type: () => Date, nullable: true } as const;

@Resolver(() => PackagingPlan)
export class PlanResolver {
  constructor(
    private readonly planner: PackagingPlanner,
    private readonly queue: PlanQueue,
    private readonly store: PackagingStore,
  ) {}

  @Access('reader', 'packaging')
  @Query(() => PackagingPlan, {
    nullable: true,
    description:
      'The best package for every product within a budget or a damage target. Errors: INVALID_LIMIT, BUDGET_TOO_LOW, DAMAGE_TARGET_TOO_LOW, MODEL_NOT_READY, PLANNER_BUSY.',
  })
  async packagingPlan(
    @Args('budget', budgetArgument) budget?: AmountOrShare | null,
    @Args('damageTarget', damageTargetArgument) damageTarget?: AmountOrShare | null,
    @Args('asOf', asOfArgument) asOf?: Date | null,
  ): Promise<PackagingPlan> {
    return planOf(await this.#plan(limitOf(budget, damageTarget), asOf ?? new Date()), null);
  }

  @Access('reader', 'packaging')
  @Query(() => PackagingFrontier, {
    nullable: true,
    description: 'Plans at even steps of shipping cost; 2 to 1,000 points. Errors: MODEL_NOT_READY, PLANNER_BUSY.',
  })
  async packagingFrontier(
    @Args('points', { type: () => Int, defaultValue: 21 }) points: number,
    @Args('asOf', asOfArgument) asOf?: Date | null,
  ): Promise<PackagingFrontier> {
    wholeNumber('points', points, 2, 1_000);
    return frontierOf(await this.queue.run(() => this.planner.frontier(points, asOf ?? new Date())));
  }

  @Access('operator', 'packaging')
  @Mutation(() => PackagingPlan, {
    description:
      'Plans as `packagingPlan` does, keeps the plan, and recommends its packages from now on (`basis: PROMOTED_PLAN`).',
  })
  async promotePackagingPlan(
    @Args('budget', budgetArgument) budget?: AmountOrShare | null,
    @Args('damageTarget', damageTargetArgument) damageTarget?: AmountOrShare | null,
  ): Promise<PackagingPlan> {
    const plan = await this.#plan(limitOf(budget, damageTarget), new Date());
    const { id } = await this.store.savePlan(planRecord(plan));
    await this.store.promotePlan(id, new Date());
    return planOf(plan, id);
  }

  #plan(limit: LimitRequest, asOf: Date) {
    return this.queue.run(() => this.planner.plan(limit, asOf));
  }

  @ResolveField(() => [PackageChange], {
    description:
      'The largest saving first: `first` (10,000 at the most) of them after the first `offset`. Errors: INVALID_ARGUMENT.',
  })
  changes(
    @Parent() { ranked }: PackagingPlan,
    @Args('first', { type: () => Int, defaultValue: 20 }) first: number,
    @Args('offset', { type: () => Int, defaultValue: 0 }) offset: number,
  ): PackageChange[] {
    const from = wholeNumber('offset', offset, 0, Number.MAX_SAFE_INTEGER);
    return ranked.slice(from, from + wholeNumber('first', first, 0, 10_000));
  }
}

function limitOf(budget?: AmountOrShare | null, damageTarget?: AmountOrShare | null): LimitRequest {
  if (budget && !damageTarget) return { budget: amountOf('budget', budget) };
  if (damageTarget && !budget) return { damageTarget: amountOf('damageTarget', damageTarget) };
  throw notOne('either budget or damageTarget', budget ? 'both' : 'neither', 'budget');
}

function amountOf(field: string, { inr, share }: AmountOrShare): Amount {
  if (inr != null && share == null) return { inr };
  if (share != null && inr == null) return { share };
  throw notOne(`${field}: either inr or share`, inr == null ? 'neither' : 'both', field);
}

function notOne(expected: string, got: string, field: string): Error {
  return packagingError('INVALID_LIMIT', `Expected ${expected}, got ${got}`, { field });
}
