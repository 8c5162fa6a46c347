import { PredictionLog } from '@haat/data-access';
import { domainOf, domainsOf } from '@haat/kit';
import { Access, actorOf } from '@haat/platform';
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
    description: 'One recorded prediction; null where there is none of this id in your scopes.',
  })
  async prediction(@Args('id', { type: () => ID }) id: string, @Context() context: object): Promise<Prediction | null> {
    const record = await this.log.read(id);
    const domains = domainsOf(actorOf(context));
    return record && domains?.includes(domainOf(record.model)) !== false ? predictionOf(record) : null;
  }

  @ResolveField(() => ModelVersion, { nullable: true })
  version(@Parent() prediction: Prediction, @Context() context: object): Promise<ModelVersion | null> {
    return this.loaders.versions(context).load(prediction.versionId);
  }
}
