import type {
  PackageChange as Change,
  PackagingFrontier as Frontier,
  PackagingPlan as Plan,
} from '@haat/packaging/serving';
import type { NewPlan } from '@haat/packaging/store';
import { Field, Float, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { ModelVersion, modelVersionOf } from '@haat/platform';

@InputType({ description: "Money a month: either in INR or as a share of what today's packages cost, not both." })
export class AmountOrShare {
  @Field(() => Float, { nullable: true })
  inr?: number | null;

  @Field(() => Float, { nullable: true, description: '0.95 is 95 %.' })
  share?: number | null;
}

@ObjectType({ description: "What today's packages cost a month." })
export class TodaysPackages {
  @Field(() => Float, { description: 'INR a month.' })
  shippingCost!: number;

  @Field(() => Float, { description: 'INR a month.' })
  expectedDamageCost!: number;

  @Field(() => Int, {
    description: 'Products without a recorded package that takes them: the one of least total cost was assumed.',
  })
  assumed!: number;
}

@ObjectType({ description: 'How good a plan is: no plan within the same limit does better than the bound.' })
export class GapCertificate {
  @Field(() => String, { description: "What was made least: 'damage' or 'shipping'." })
  objective!: string;

  @Field(() => Float, { description: 'INR a month.' })
  lowerBound!: number;

  @Field(() => Float, { description: '(objective - lowerBound) / objective, in [0, 1].' })
  gap!: number;
}

@ObjectType({ description: 'A product whose package changes. Money a month; negative is less than today.' })
export class PackageChange {
  @Field(() => ID)
  productId!: string;

  @Field(() => String, { nullable: true })
  from!: string | null;

  @Field(() => String)
  to!: string;

  @Field(() => Float)
  shippingChange!: number;

  @Field(() => Float)
  damageChange!: number;

  @Field(() => Float)
  saving!: number;
}

@ObjectType({ description: 'A package type for every product within a limit.' })
export class PackagingPlan {
  @Field(() => ID, { nullable: true, description: 'Under which it is kept; null until it is promoted.' })
  id!: string | null;

  @Field(() => String, { description: "'exact', 'stopped-core' or 'lp-greedy'." })
  method!: string;

  @Field(() => Float, { description: 'INR a month.' })
  shippingCost!: number;

  @Field(() => Float, { description: 'INR a month.' })
  expectedDamageCost!: number;

  @Field(() => GapCertificate)
  certificate!: GapCertificate;

  @Field(() => Float, {
    nullable: true,
    description: 'INR of shipping for the next INR of damage saved; null where nothing is left to save.',
  })
  lambda!: number | null;

  @Field(() => TodaysPackages)
  today!: TodaysPackages;

  @Field(() => Int, { description: 'Products in the plan.' })
  products!: number;

  @Field(() => [ID], { description: 'Products that no package type takes: they are in no plan.' })
  leftOut!: string[];

  @Field(() => Int, { description: 'Products whose package changes.' })
  changeCount!: number;

  @Field(() => ModelVersion, { nullable: true })
  model!: ModelVersion | null;

  @Field(() => Date)
  asOf!: Date;

  @Field(() => Int, {
    description: 'State of the data: the same model, asOf, revision and limit give the same plan.',
  })
  dataRevision!: number;

  ranked!: readonly Change[];
}

@ObjectType()
export class FrontierPoint {
  @Field(() => Float, { description: 'INR a month.' })
  shippingCost!: number;

  @Field(() => Float, { description: 'INR a month.' })
  expectedDamageCost!: number;

  @Field(() => Float, { description: 'INR of shipping for the last INR of damage saved.' })
  lambda!: number;
}

@ObjectType({ description: 'The whole trade-off between shipping and damage, from the cheapest plan to the safest.' })
export class PackagingFrontier {
  @Field(() => [FrontierPoint])
  points!: FrontierPoint[];

  @Field(() => TodaysPackages)
  today!: TodaysPackages;

  @Field(() => Int)
  products!: number;

  @Field(() => ModelVersion, { nullable: true })
  model!: ModelVersion | null;

  @Field(() => Date)
  asOf!: Date;
}

function todayOf({ today }: Plan | Frontier): TodaysPackages {
  return { shippingCost: today.shipping, expectedDamageCost: today.damage, assumed: today.assumed };
}

export function planOf(plan: Plan, id: string | null): PackagingPlan {
  const { method, objective, lowerBound, gap, lambda, products, leftOut, changes, asOf, dataRevision } = plan;
  return {
    id,
    method,
    shippingCost: plan.shipping,
    expectedDamageCost: plan.damage,
    certificate: { objective, lowerBound, gap },
    lambda: Number.isFinite(lambda) ? lambda : null,
    today: todayOf(plan),
    products,
    leftOut: [...leftOut],
    changeCount: changes.length,
    model: modelVersionOf(plan.ref),
    asOf,
    dataRevision,
    ranked: changes,
  };
}

export function frontierOf(frontier: Frontier): PackagingFrontier {
  return {
    points: frontier.points.map(({ shipping, damage, lambda }) => ({
      shippingCost: shipping,
      expectedDamageCost: damage,
      lambda,
    })),
    today: todayOf(frontier),
    products: frontier.products,
    model: modelVersionOf(frontier.ref),
    asOf: frontier.asOf,
  };
}

/** A plan as the store keeps it. */
export function planRecord(plan: Plan): NewPlan {
  const { ref, asOf, shipping, damage, lowerBound, gap, lambda, method } = plan;
  const packages = plan.packages();
  return {
    model: ref.model,
    modelVersion: ref.version,
    modelDigest: ref.digest,
    asOf,
    shippingInr: shipping,
    damageInr: damage,
    lowerBoundInr: lowerBound,
    gap,
    lambda: Number.isFinite(lambda) ? lambda : null,
    method,
    assignments: { productId: [...packages.keys()], package: [...packages.values()] },
  };
}
