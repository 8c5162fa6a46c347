import { PredictionLog } from '@haat/data-access';
import { Access } from '@haat/platform';
import { Args, Context, ID, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { ModelLoaders } from './model.loaders.ts';
import { ModelVersion } from './model.types.ts';
import { Prediction, predictionOf } from './prediction.types.ts';

@Resolver(() => Prediction)
export class PredictionResolver {
  constructor(
    private readonly log: PredictionLog,
    private readonly loaders: ModelLoaders,
  ) {}

  @Access('reader')
  @Query(() => Prediction, {
    nullable: true,
    description: 'One recorded prediction; null where there is none of this id.',
  })
  async prediction(@Args('id', { type: () => ID }) id: string): Promise<Prediction | null> {
    const record = await this.log.read(id);
    return record && predictionOf(record);
  }

  @ResolveField(() => ModelVersion, { nullable: true })
  version(@Parent() prediction: Prediction, @Context() context: object): Promise<ModelVersion | null> {
    return this.loaders.versions(context).load(prediction.versionId);
  }
}
