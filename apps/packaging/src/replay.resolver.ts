import { PredictionLog } from '@haat/data-access';
import { ArchivedModels, type OpenModel } from '@haat/model-runtime';
import type { DamageContext } from '@haat/packaging/model';
import { replayPredictions } from '@haat/packaging/serving';
import { PackagingStore } from '@haat/packaging/store';
import { Access, PredictionReplay, replayedPrediction } from '@haat/platform';
import { Args, ID, Query, Resolver } from '@nestjs/graphql';

@Resolver(() => PredictionReplay)
export class ReplayResolver {
  constructor(
    private readonly log: PredictionLog,
    private readonly store: PackagingStore,
    private readonly archive: ArchivedModels<OpenModel<DamageContext>>,
  ) {}

  @Access('reader', 'packaging')
  @Query(() => PredictionReplay, {
    nullable: true,
    description:
      'Recomputes a prediction from the facts that were known when it was made, with the artifact that answered, and says whether it comes out the same. Errors: UNKNOWN_PREDICTION, CONTENT_MISSING.',
  })
  async replayPrediction(@Args('id', { type: () => ID }) id: string): Promise<PredictionReplay> {
    const prediction = await this.log.require(id);
    const [replay] = await replayPredictions(this.store, (ref) => this.archive.acquire(ref), [prediction]);
    return replayedPrediction(prediction, replay!);
  }
}
