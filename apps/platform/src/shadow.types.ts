import { Field, Float, Int, ObjectType } from '@nestjs/graphql';

@ObjectType({ description: "How a shadow's answers differed from the champion's on one day." })
export class ShadowDay {
  @Field(() => String, { description: 'UTC, `2026-01-31`.' })
  day!: string;

  @Field(() => Int, { description: 'Version that answered.' })
  champion!: number;

  @Field(() => Int, { description: 'Version that answered beside it.' })
  shadow!: number;

  @Field(() => Float, { description: 'Rows that both answered.' })
  rows!: number;

  @Field(() => Float, { description: "Of those, rows that differ by more than the model's shadowTolerance." })
  differing!: number;

  @Field(() => Float, { description: 'Rows that were not compared because too many waited.' })
  dropped!: number;

  @Field(() => Float, { description: 'Rows that the shadow could not answer.' })
  failed!: number;

  @Field(() => Float, { description: 'Largest absolute difference of an output.' })
  largest!: number;
}
