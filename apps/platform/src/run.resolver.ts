import { RunFeed, RunLog, type RunRecord } from '@haat/data-access';
import { domainsOf } from '@haat/kit';
import {
  Access,
  actorOf,
  beginEvent,
  decodeCursor,
  encodeCursor,
  pageOf,
  wholeNumber,
  type Connection,
} from '@haat/platform';
import { Args, Context, ID, Int, Mutation, Parent, Query, ResolveField, Resolver, Subscription } from '@nestjs/graphql';
import { z } from 'zod';
import { ModelLoaders } from './model.loaders.ts';
import { Metric, metricsOf, ModelVersion, versionId } from './model.types.ts';
import { Run, RunConnection, runOf, RunState, TrainModelInput } from './run.types.ts';
import { TrainingService } from './training.service.ts';

const runCursor = z.tuple([z.iso.datetime(), z.string().max(500)]);

@Resolver(() => Run)
export class RunResolver {
  constructor(
    private readonly log: RunLog,
    private readonly feed: RunFeed,
    private readonly training: TrainingService,
    private readonly loaders: ModelLoaders,
  ) {}

  @Access('reader')
  @Query(() => Run, { nullable: true, description: 'One run. One of another scope is not known. Errors: UNKNOWN_RUN.' })
  async run(@Args('id', { type: () => ID }) id: string, @Context() context: object): Promise<Run> {
    return runOf(await this.log.read(id, domainsOf(actorOf(context))));
  }

  @Access('reader')
  @Query(() => RunConnection, { description: 'Those of your scopes, newest first. `first` is 100 at the most.' })
  async runs(
    @Context() context: object,
    @Args('first', { type: () => Int, defaultValue: 20 }) first: number,
    @Args('after', { type: () => String, nullable: true }) after?: string | null,
    @Args('model', { type: () => ID, nullable: true }) model?: string | null,
    @Args('state', { type: () => RunState, nullable: true }) state?: RunState | null,
  ): Promise<Connection<Run>> {
    wholeNumber('first', first, 0, 100);
    const [createdAt, id] = after ? decodeCursor(after, runCursor) : [];
    const rows = await this.log.page(first + 1, {
      model: model ?? undefined,
      state: state ?? undefined,
      domains: domainsOf(actorOf(context)),
      after: createdAt === undefined || id === undefined ? undefined : { createdAt: new Date(createdAt), id },
    });
    return pageOf(rows.map(runOf), first, after, (run) => encodeCursor([run.startedAt.toISOString(), run.id]));
  }

  @Access('reader')
  @Subscription(() => Run, {
    nullable: true,
    resolve(record: RunRecord, _args: object, context: object) {
      beginEvent(context);
      return runOf(record);
    },
    description:
      'One run as it is now, and again whenever it changes, until it has ended. One of another scope is not known. Errors: UNKNOWN_RUN.',
  })
  runProgress(
    @Args('id', { type: () => ID }) id: string,
    @Context() context: object,
  ): Promise<AsyncIterable<RunRecord>> {
    return this.feed.follow(id, domainsOf(actorOf(context)));
  }

  @Access('operator', { of: 'input.model' })
  @Mutation(() => Run, {
    description:
      'Trains a model through Temporal, from its stored card. The same request over the same data answers the run that it started before. Errors: UNKNOWN_MODEL, INVALID_ARGUMENT.',
  })
  async trainModel(@Args('input') input: TrainModelInput, @Context() context: object): Promise<Run> {
    const { model, options, seed, asOf, promote, approval, idempotencyKey } = input;
    if (seed !== null && seed !== undefined) wholeNumber('input.seed', seed, 0, 2 ** 31 - 1);
    const wish = {
      model,
      options: options ?? undefined,
      seed: seed ?? undefined,
      asOf: asOf ?? undefined,
      promote: promote ?? undefined,
      approval: approval ?? undefined,
      idempotencyKey: idempotencyKey ?? undefined,
    };
    return runOf(await this.training.train(wish, actorOf(context), new Date()));
  }

  @ResolveField(() => [Metric], { nullable: true, description: 'Null until the run has completed.' })
  async metrics(@Parent() { model, metricValues }: Run, @Context() context: object): Promise<Metric[] | null> {
    if (metricValues === null) return null;
    const known = (await this.loaders.models(context)).get(model);
    return metricsOf(known?.card ?? null, metricValues);
  }

  @ResolveField(() => ModelVersion, { nullable: true, description: 'The version that it registered.' })
  async version(@Parent() { versionRef }: Run, @Context() context: object): Promise<ModelVersion | null> {
    return versionRef ? this.loaders.versions(context).load(versionId(versionRef)) : null;
  }
}
