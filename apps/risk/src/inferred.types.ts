import { ModelVersion, modelVersionOf } from '@haat/platform';
import type { Inference } from '@haat/risk/contract';
import { Field, ID, ObjectType } from '@nestjs/graphql';

/** What every answer of an inference tells of where it comes from. */
@ObjectType({ isAbstract: true })
export abstract class Inferred {
  @Field(() => ID, { description: 'Run that inferred it.' })
  runId!: string;

  @Field(() => ModelVersion, { nullable: true, description: 'Version whose parameters it was inferred by.' })
  model!: ModelVersion | null;

  @Field(() => Date, { description: 'Nothing later was looked at.' })
  asOf!: Date;
}

export function inferredBy({ run: runId, ref, asOf }: Pick<Inference, 'run' | 'ref' | 'asOf'>): Inferred {
  return { runId, model: modelVersionOf(ref), asOf };
}
