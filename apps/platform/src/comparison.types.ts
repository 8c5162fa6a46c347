import { Access } from '@haat/platform';
import { Field, Float, ObjectType } from '@nestjs/graphql';
import { ModelVersion } from './model.types.ts';

@ObjectType({ description: 'One metric of two versions; null where a version did not measure it.' })
export class ComparedMetric {
  @Field(() => String)
  name!: string;

  @Field(() => String, { nullable: true })
  unit!: string | null;

  @Field(() => Float, { nullable: true })
  a!: number | null;

  @Field(() => Float, { nullable: true })
  b!: number | null;

  @Field(() => String, { nullable: true, description: "'a', 'b' or 'same'; null where that cannot be said." })
  better!: string | null;
}

@ObjectType({ description: 'One fact of two versions as text; null where a version has none of this name.' })
export class ComparedFact {
  @Field(() => String)
  name!: string;

  @Field(() => String, { nullable: true })
  a!: string | null;

  @Field(() => String, { nullable: true })
  b!: string | null;

  @Field(() => Boolean)
  same!: boolean;
}

@ObjectType({ description: 'Two versions of one model side by side.' })
@Access('reader', { of: 'model' })
export class ModelComparison {
  @Field(() => ModelVersion)
  a!: ModelVersion;

  @Field(() => ModelVersion)
  b!: ModelVersion;

  @Field(() => [ComparedMetric])
  metrics!: ComparedMetric[];

  @Field(() => [ComparedFact])
  features!: ComparedFact[];

  @Field(() => [ComparedFact], {
    description: "Options of the runs, with the model's defaults; none of a run that is not known.",
  })
  options!: ComparedFact[];

  @Field(() => [ComparedFact], {
    description: 'Digests of artifact and data, rows, bound of event time, code revision.',
  })
  lineage!: ComparedFact[];

  @Field(() => [ComparedFact])
  gates!: ComparedFact[];

  model!: string;
}
