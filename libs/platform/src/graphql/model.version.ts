import type { ModelRef } from '@haat/kit';
import { Directive, Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { Access } from '../auth/access.ts';

/** The same in every domain's subgraph; of a version of another domain it says no more than its name. */
@ObjectType({ description: 'The version of the model that answered; the platform knows the rest of it.' })
@Directive('@key(fields: "id")')
@Access('reader', { of: 'id' })
export class ModelVersion {
  @Field(() => ID)
  id!: string;

  @Field(() => Int)
  @Directive('@shareable')
  version!: number;

  @Field(() => String)
  @Directive('@shareable')
  digest!: string;
}

export function modelVersionOf({ model, version, digest }: ModelRef): ModelVersion {
  return { id: `${model}@${version}`, version, digest };
}
