import type { DriftProfile as ProfileRecord } from '@haat/data-access';
import { Access } from '@haat/platform';
import { Field, Float, ID, InputType, Int, ObjectType } from '@nestjs/graphql';

@InputType()
export class SkewAuditInput {
  @Field(() => ID, { description: '`<domain>/<model>`.' })
  model!: string;

  @Field(() => Date, {
    nullable: true,
    description: 'Answers that were kept from then on; 24 hours before `to` where absent.',
  })
  from?: Date | null;

  @Field(() => Date, { nullable: true, description: 'Answers that were kept before then; now where absent.' })
  to?: Date | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Predictions, or inferences, to recompute; 2,000 where absent, 100,000 at the most.',
  })
  rows?: number | null;

  @Field(() => Int, { nullable: true, description: 'Which sample is drawn.' })
  seed?: number | null;

  @Field(() => String, { nullable: true, description: 'Another key says that a repeat is wanted.' })
  idempotencyKey?: string | null;
}

@InputType()
export class DriftProfileInput {
  @Field(() => ID, { description: '`<domain>/<model>`.' })
  model!: string;

  @Field(() => String, { nullable: true, description: 'YYYY-MM-DD, UTC; yesterday where absent.' })
  day?: string | null;

  @Field(() => String, { nullable: true, description: 'Another key says that a repeat is wanted.' })
  idempotencyKey?: string | null;
}

@ObjectType({ description: 'One feature of a day beside the training snapshot.' })
export class DriftedFeature {
  @Field(() => String)
  feature!: string;

  @Field(() => Float, { description: 'Population stability index.' })
  psi!: number;

  @Field(() => Float, {
    nullable: true,
    description: 'What chance alone stays below; null where there was too little to judge.',
  })
  threshold!: number | null;

  @Field(() => Float)
  missingShare!: number;

  @Field(() => Float)
  referenceMissingShare!: number;

  @Field(() => Boolean, { description: 'Whether its values or its missing share are beyond chance.' })
  drifted!: boolean;

  @Field(() => [String], { description: 'Bins, from the training snapshot.' })
  bins!: string[];

  @Field(() => [Float], { description: 'Share of each bin in the training snapshot.' })
  reference!: number[];

  @Field(() => [Float], { description: 'Share of each bin on the day.' })
  served!: number[];
}

@ObjectType({ description: 'What went into a model on a day, beside what its champion learned from.' })
@Access('reader', { of: 'model' })
export class DriftProfile {
  @Field(() => ID)
  model!: string;

  @Field(() => String, { description: 'YYYY-MM-DD, UTC.' })
  day!: string;

  @Field(() => Int, { description: 'Version of the champion.' })
  version!: number;

  @Field(() => Int, { description: 'What went in on the day: distinct inputs, or persons and days.' })
  rows!: number;

  @Field(() => Int, { description: 'Rows of the training snapshot.' })
  referenceRows!: number;

  @Field(() => [DriftedFeature])
  features!: DriftedFeature[];
}

export function driftProfileOf({ features, ...profile }: ProfileRecord): DriftProfile {
  return {
    ...profile,
    features: features.map(({ bins, ...feature }) => ({
      ...feature,
      bins: [...bins.labels],
      reference: [...bins.reference],
      served: [...bins.served],
    })),
  };
}
