import { Access } from '@haat/platform';
import { Args, Context, ID, Parent, Query, ResolveField, ResolveReference, Resolver } from '@nestjs/graphql';
import { ModelLoaders } from './model.loaders.ts';
import { Model, modelOf, ModelVersion } from './model.types.ts';

@Resolver(() => ModelVersion)
export class ModelVersionResolver {
  constructor(private readonly loaders: ModelLoaders) {}

  @ResolveReference()
  reference({ id }: { id: string }, context: object): Promise<ModelVersion | null> {
    return this.loaders.versions(context).load(id);
  }

  @Access('reader', { of: 'id' })
  @Query(() => ModelVersion, { nullable: true, description: 'One version, by `<model>@<version>`.' })
  modelVersion(@Args('id', { type: () => ID }) id: string, @Context() context: object): Promise<ModelVersion | null> {
    return this.loaders.versions(context).load(id);
  }

  @ResolveField(() => Model, { nullable: true })
  async model(@Parent() { modelName }: ModelVersion, @Context() context: object): Promise<Model | null> {
    const model = (await this.loaders.models(context)).get(modelName);
    return model ? modelOf(model) : null;
  }

  @ResolveField(() => [String], { description: "What the version stands for: 'champion', 'challenger', 'shadow'." })
  async aliases(@Parent() { modelName, version }: ModelVersion, @Context() context: object): Promise<string[]> {
    const aliases = await this.loaders.aliases(context).load(modelName);
    return aliases.filter((one) => one.version === version).map(({ alias }) => alias);
  }
}
