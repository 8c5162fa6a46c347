import { damageModel } from '@haat/packaging/model';
import type { StoredRecommendation as StoredRecord } from '@haat/packaging/contract';
import { Access } from '@haat/platform';
import { Field, Float, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { ModelVersion, modelVersionOf } from '@haat/platform';

export enum StoredBasis {
  PROMOTED_PLAN = 'PROMOTED_PLAN',
  LEAST_TOTAL_COST = 'LEAST_TOTAL_COST',
  NO_FEASIBLE_PACKAGE = 'NO_FEASIBLE_PACKAGE',
}
registerEnumType(StoredBasis, {
  name: 'StoredBasis',
  description: 'Why a package is recommended.',
  valuesMap: {
    PROMOTED_PLAN: { description: 'The promoted plan, which looks at all products at once, says so.' },
    LEAST_TOTAL_COST: { description: 'It costs least in shipping and expected damage together.' },
    NO_FEASIBLE_PACKAGE: { description: 'No package type takes the product, and none is recommended.' },
  },
});

@ObjectType({ description: 'The package of a product, as a backfill decided it.' })
@Access('reader', 'packaging')
export class StoredRecommendation {
  @Field(() => String, { nullable: true, description: 'Code of the package type; null where none takes the product.' })
  packageType!: string | null;

  @Field(() => StoredBasis)
  basis!: StoredBasis;

  @Field(() => Float, { nullable: true, description: 'Probability of damage times the cost of one, INR a shipment.' })
  expectedDamageCost!: number | null;

  @Field(() => Float, { nullable: true, description: 'Material and freight, INR a shipment.' })
  shippingCost!: number | null;

  @Field(() => ModelVersion, { nullable: true })
  model!: ModelVersion | null;

  @Field(() => ID, { nullable: true, description: 'The promoted plan that was followed.' })
  planId!: string | null;

  @Field(() => Date, { description: 'The moment whose facts were used.' })
  factsAsOf!: Date;

  @Field(() => Int, { description: 'Revision of the data that was used.' })
  factsRevision!: number;

  @Field(() => Date)
  decidedAt!: Date;

  @Field(() => ID, { description: 'The run that decided.' })
  runId!: string;
}

export function storedRecommendationOf(record: StoredRecord): StoredRecommendation {
  const {
    basis,
    expectedDamageInr,
    shippingInr,
    modelVersion,
    modelDigest,
    planId,
    factsAsOf,
    factsRevision,
    decidedAt,
    run,
  } = record;
  return {
    packageType: record.package,
    basis: StoredBasis[basis],
    expectedDamageCost: expectedDamageInr,
    shippingCost: shippingInr,
    model: modelVersionOf({ model: damageModel.name, version: modelVersion, digest: modelDigest }),
    planId,
    factsAsOf,
    factsRevision,
    decidedAt,
    runId: run,
  };
}
