import type { PackagingAnswer } from '@haat/packaging/serving';
import { ModelVersion, modelVersionOf } from '@haat/platform';
import { Field, Float, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';

@ObjectType()
export class DamageProbability {
  @Field(() => String, { description: 'Code of the package type.' })
  packageType!: string;

  @Field(() => Float, { description: 'That one shipment arrives damaged, in (0, 1).' })
  probability!: number;
}

export enum RecommendationBasis {
  PROMOTED_PLAN = 'PROMOTED_PLAN',
  LEAST_TOTAL_COST = 'LEAST_TOTAL_COST',
}
registerEnumType(RecommendationBasis, {
  name: 'RecommendationBasis',
  description: 'Why a package is recommended.',
  valuesMap: {
    PROMOTED_PLAN: { description: 'The promoted plan, which looks at all products at once, says so.' },
    LEAST_TOTAL_COST: { description: 'It costs least in shipping and expected damage together.' },
  },
});

@ObjectType()
export class Recommendation {
  @Field(() => String, { description: 'Code of the package type.' })
  packageType!: string;

  @Field(() => Float, { description: 'Probability of damage times the cost of one damaged unit, INR a shipment.' })
  expectedDamageCost!: number;

  @Field(() => Float, { description: 'Material and freight, INR a shipment.' })
  shippingCost!: number;

  @Field(() => RecommendationBasis)
  basis!: RecommendationBasis;
}

@ObjectType({ description: 'What one fact about the product adds to the log-odds of damage.' })
export class ExplainedTerm {
  @Field(() => String)
  term!: string;

  @Field(() => String, { description: 'The value of the fact, as text.' })
  value!: string;

  @Field(() => Float)
  logit!: number;
}

@ObjectType({ description: 'What one step of protection takes off the log-odds of damage; never negative.' })
export class ExplainedStep {
  @Field(() => String)
  from!: string;

  @Field(() => String)
  to!: string;

  @Field(() => Float)
  logit!: number;
}

@ObjectType({ description: 'The next safer package worth having.' })
export class NextBest {
  @Field(() => String, { description: 'Code of the package type.' })
  packageType!: string;

  @Field(() => Float, { description: 'INR of shipping for each INR of damage saved at which it pays to switch.' })
  switchingPrice!: number;
}

@ObjectType({
  description: 'For package j: log-odds of damage = intercept + sum of terms - sum of the first j steps.',
})
export class PackagingExplanation {
  @Field(() => Float)
  intercept!: number;

  @Field(() => [ExplainedTerm], { description: 'The weightiest first.' })
  terms!: ExplainedTerm[];

  @Field(() => [ExplainedStep], { description: 'In order of protection.' })
  steps!: ExplainedStep[];

  @Field(() => NextBest, { nullable: true, description: 'Null where nothing safer takes the product.' })
  nextBest!: NextBest | null;
}

@ObjectType({ description: 'How a product should travel, and why.' })
export class Packaging {
  @Field(() => [DamageProbability], { description: 'In order of protection: never increasing.' })
  damageProbabilities!: DamageProbability[];

  @Field(() => PackagingExplanation)
  explanation!: PackagingExplanation;

  @Field(() => ID, {
    nullable: true,
    description: 'Under which the prediction is kept; null where it is not recorded.',
  })
  predictionId!: string | null;

  @Field(() => ModelVersion, { nullable: true })
  model!: ModelVersion | null;

  @Field(() => Date, { description: 'The moment whose facts were used.' })
  asOf!: Date;

  @Field(() => Int, { description: 'Revision of the data that was answered from.' })
  revision!: number;

  @Field(() => Date, { nullable: true, description: 'From when the facts about the product hold.' })
  knownSince!: Date | null;

  @Field(() => Boolean, {
    description:
      'Whether the facts are older than the view of products allows (docs/features); they are used all the same.',
  })
  stale!: boolean;

  productId!: string;
  choice!: Recommendation | null;
}

export function packagingOf(productId: string, answer: PackagingAnswer): Packaging {
  const { damageProbabilities, recommended, explanation, predictionId, ref, at, knownSince, stale } = answer;
  const { nextBest } = explanation;
  return {
    damageProbabilities: damageProbabilities.map(({ packageType, probability }) => ({
      packageType: packageType.code,
      probability,
    })),
    explanation: {
      intercept: explanation.intercept,
      terms: explanation.terms.map(({ term, value, logit }) => ({ term, value: String(value), logit })),
      steps: [...explanation.steps],
      nextBest: nextBest && { packageType: nextBest.packageType.code, switchingPrice: nextBest.switchingPrice },
    },
    predictionId,
    model: modelVersionOf(ref),
    ...at,
    knownSince,
    stale,
    productId,
    choice: recommended && {
      ...recommended,
      packageType: recommended.packageType.code,
      basis: RecommendationBasis[recommended.basis],
    },
  };
}
