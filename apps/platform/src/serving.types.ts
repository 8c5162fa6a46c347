import { Access } from '@haat/platform';
import { Field, ID, ObjectType } from '@nestjs/graphql';
import { ModelVersion } from './model.types.ts';

@ObjectType({ description: 'A version that an app would not take up.' })
@Access('reader', { of: 'modelName' })
export class ServingRefusal {
  @Field(() => ModelVersion, { nullable: true })
  version!: ModelVersion | null;

  @Field(() => String, { description: 'From the tables of errors; INTERNAL where the cause is in the log of the app.' })
  code!: string;

  @Field(() => String)
  reason!: string;

  /** Name of the model. */
  modelName!: string;
}

@ObjectType({ description: 'What one running app answers with where an alias is asked for, as it says itself.' })
@Access('reader', { of: 'modelName' })
export class ServingInstance {
  @Field(() => ID, { description: 'Names one process of an app.' })
  instance!: string;

  @Field(() => String, { description: "'champion' or 'shadow'." })
  alias!: string;

  @Field(() => ModelVersion, { nullable: true, description: 'The version that answers; null while none does.' })
  version!: ModelVersion | null;

  @Field(() => ServingRefusal, {
    nullable: true,
    description:
      'The version that has the alias and was refused: another one answers, or none. Null where what has it answers.',
  })
  refused!: ServingRefusal | null;

  @Field(() => Date, { description: 'When the app said so; one that is silent for 20 seconds is not listed.' })
  seenAt!: Date;

  /** Name of the model. */
  modelName!: string;
}
