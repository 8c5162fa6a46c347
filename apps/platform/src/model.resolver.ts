import { ModelRegistry, ShadowLog } from '@haat/data-access';
import {
  Access,
  decodeCursor,
  encodeCursor,
  pageOf,
  versionCursor,
  wholeNumber,
  type Connection,
} from '@haat/platform';
import { Args, Context, ID, Int, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { ModelLoaders } from './model.loaders.ts';
import { Model, modelOf, ModelVersion, ModelVersionConnection, versionId, versionOf } from './model.types.ts';
import { ServingInstance } from './serving.types.ts';
import { ShadowDay } from './shadow.types.ts';

@Resolver(() => Model)
export class ModelResolver {
  constructor(
    private readonly registry: ModelRegistry,
    private readonly loaders: ModelLoaders,
    private readonly shadows: ShadowLog,
  ) {}

  @Access('reader')
  @Query(() => [Model], { description: 'The models of your scopes, by name.' })
  async models(@Context() context: object): Promise<Model[]> {
    return [...(await this.loaders.models(context)).values()].map(modelOf);
  }

  @Access('reader', { of: 'name' })
  @Query(() => Model, { nullable: true, description: 'One model. Errors: UNKNOWN_MODEL.' })
  async model(@Args('name', { type: () => ID }) name: string): Promise<Model> {
    return modelOf(await this.registry.model(name));
  }

  @ResolveField(() => ModelVersion, {
    nullable: true,
    description:
      'The version that was promoted last and should answer; null until one is. Which answers in fact: `serving`.',
  })
  async champion(@Parent() { name }: Model, @Context() context: object): Promise<ModelVersion | null> {
    const aliases = await this.loaders.aliases(context).load(name);
    const champion = aliases.find(({ alias }) => alias === 'champion');
    return champion ? this.loaders.versions(context).load(versionId({ model: name, ...champion })) : null;
  }

  @ResolveField(() => [ServingInstance], {
    description: 'What the running apps answer with, by alias: they refuse a version that cannot prove itself.',
  })
  async serving(@Parent() { name }: Model, @Context() context: object): Promise<ServingInstance[]> {
    const versions = this.loaders.versions(context);
    const version = (of: number | null) =>
      of === null ? null : versions.load(versionId({ model: name, version: of }));
    return Promise.all(
      (await this.loaders.serving(context).load(name)).map(async ({ refused, ...said }) => ({
        ...said,
        modelName: name,
        version: await version(said.version),
        refused: refused && { ...refused, modelName: name, version: await version(refused.version) },
      })),
    );
  }

  @ResolveField(() => ModelVersionConnection, { description: 'Newest first. `first` is 100 at the most.' })
  async versions(
    @Parent() { name }: Model,
    @Args('first', { type: () => Int, defaultValue: 20 }) first: number,
    @Args('after', { type: () => String, nullable: true }) after?: string | null,
  ): Promise<Connection<ModelVersion>> {
    wholeNumber('first', first, 0, 100);
    const before = after ? decodeCursor(after, versionCursor)[0] : undefined;
    const rows = await this.registry.versions(name, first + 1, before);
    return pageOf(rows.map(versionOf), first, after, ({ version }) => encodeCursor([version]));
  }

  @ResolveField(() => [ShadowDay], {
    description: 'How the answers of shadows differed from those of champions, the newest day first. 366 at the most.',
  })
  shadowDays(
    @Parent() { name }: Model,
    @Args('first', { type: () => Int, defaultValue: 14 }) first: number,
  ): Promise<ShadowDay[]> {
    return this.shadows.days(name, wholeNumber('first', first, 0, 366));
  }
}
