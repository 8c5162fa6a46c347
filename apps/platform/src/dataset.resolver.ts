import { ModelRegistry, PredictionLog, type ModelVersion as VersionRecord } from '@haat/data-access';
import {
  Access,
  actorOf,
  connectionOf,
  decodeCursor,
  encodeCursor,
  pageOf,
  wholeNumber,
  type Connection,
} from '@haat/platform';
import {
  Args,
  Context,
  Field,
  Float,
  ID,
  Int,
  ObjectType,
  Parent,
  Query,
  ResolveField,
  Resolver,
} from '@nestjs/graphql';
import { z } from 'zod';
import { ModelVersion, versionOf } from './model.types.ts';
import { Prediction, predictionOf } from './prediction.types.ts';

@ObjectType({ description: 'A snapshot of training data, and what became of it.' })
@Access('reader', { of: 'versionId' })
export class Dataset {
  @Field(() => ID, { description: 'SHA-256 of the snapshot, hex.' })
  digest!: string;

  @Field(() => Int)
  rows!: number;

  @Field(() => Date, { description: 'Nothing later than this (event time) is in it.' })
  asOf!: Date;

  @Field(() => [ModelVersion], { description: 'Every version that was trained on it; by model, newest first.' })
  versions!: ModelVersion[];

  versionId!: string;
  records!: readonly VersionRecord[];
}

export const PredictionConnection = connectionOf(Prediction, 'Prediction');

const predictionCursor = z.tuple([z.iso.datetime(), z.uuid()]);

@Resolver(() => Dataset)
export class DatasetResolver {
  constructor(
    private readonly registry: ModelRegistry,
    private readonly predictions: PredictionLog,
  ) {}

  @Access('reader')
  @Query(() => Dataset, {
    nullable: true,
    description: 'The snapshot of this digest; null where no version that you may see was trained on it.',
  })
  async dataset(
    @Args('digest', { type: () => ID }) digest: string,
    @Context() context: object,
  ): Promise<Dataset | null> {
    const { scopes } = actorOf(context);
    const records = await this.registry.versionsOfDataset(digest, scopes.includes('*') ? undefined : scopes);
    const versions = records.map(versionOf);
    const [first] = records;
    if (first === undefined) return null;
    return { digest, rows: first.datasetRows, asOf: first.asOf, versions, versionId: versions[0]!.id, records };
  }

  @ResolveField(() => Float, { description: 'Predictions that those versions made. Takes longer the more there are.' })
  predictionCount(@Parent() { records }: Dataset): Promise<number> {
    return this.predictions.countOfVersions(records);
  }

  @ResolveField(() => PredictionConnection, {
    name: 'predictions',
    description: 'Predictions that those versions made, newest first. `first` is 100 at the most.',
  })
  async predictionPage(
    @Parent() { records }: Dataset,
    @Args('first', { type: () => Int, defaultValue: 20 }) first: number,
    @Args('after', { type: () => String, nullable: true }) after?: string | null,
  ): Promise<Connection<Prediction>> {
    wholeNumber('first', first, 0, 100);
    const [recordedAt, id] = after ? decodeCursor(after, predictionCursor) : [];
    const before = recordedAt === undefined || id === undefined ? undefined : { recordedAt: new Date(recordedAt), id };
    const rows = await this.predictions.ofVersions(records, first + 1, before);
    return pageOf(rows.map(predictionOf), first, after, (row) => encodeCursor([row.recordedAt.toISOString(), row.id]));
  }
}
