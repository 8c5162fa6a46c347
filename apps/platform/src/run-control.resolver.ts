import { BackfillLog, RunLog } from '@haat/data-access';
import { Access, actorOf, loaderPerRequest, wholeNumber } from '@haat/platform';
import { Args, Context, ID, Int, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { adviceOf } from './run.advice.ts';
import { RunControl, type RunActivity } from './run.control.ts';
import { PendingStep, pendingStepOf, RunEvent } from './run-control.types.ts';
import { Run, runOf } from './run.types.ts';

@Resolver(() => Run)
export class RunControlResolver {
  readonly #activity = loaderPerRequest<string, RunActivity>((ids) =>
    Promise.all(ids.map((id) => this.control.activity(id).catch((error: Error) => error))),
  );

  constructor(
    private readonly control: RunControl,
    private readonly runs: RunLog,
    private readonly backfills: BackfillLog,
  ) {}

  @ResolveField(() => [PendingStep], {
    nullable: true,
    description: 'What it waits for now, as Temporal knows it. Errors: SERVICE_UNAVAILABLE.',
  })
  async pending(@Parent() { id }: Run, @Context() context: object): Promise<PendingStep[]> {
    return (await this.#activity(context).load(id)).pending.map(pendingStepOf);
  }

  @ResolveField(() => [String], {
    nullable: true,
    description: 'What it does next, and what its operator can do. Errors: SERVICE_UNAVAILABLE.',
  })
  async advice(@Parent() { id }: Run, @Context() context: object): Promise<string[]> {
    const [run, [backfill], activity] = await Promise.all([
      this.runs.read(id),
      this.backfills.readAll([id]),
      this.#activity(context).load(id),
    ]);
    return [...adviceOf({ run, activity, backfill: backfill ?? null })];
  }

  @ResolveField(() => [RunEvent], {
    nullable: true,
    description: 'What happened to it after the event `after`, oldest first. Errors: SERVICE_UNAVAILABLE.',
  })
  async events(
    @Parent() { id }: Run,
    @Args('after', { type: () => Int, defaultValue: 0 }) after: number,
  ): Promise<RunEvent[]> {
    wholeNumber('after', after, 0, 2 ** 31 - 1);
    return [...(await this.control.events(id, after))];
  }

  @Access('operator')
  @Mutation(() => Run, {
    description:
      'Asks a run to stop; it has stopped when its state is `cancelled`. Errors: UNKNOWN_RUN, RUN_HAS_ENDED.',
  })
  async cancelRun(@Args('id', { type: () => ID }) id: string, @Context() context: object): Promise<Run> {
    return runOf(await this.control.cancel(id, actorOf(context)));
  }

  @Access('operator')
  @Mutation(() => Run, {
    description:
      'Asks a backfill or an undo to begin no further chunk. Errors: UNKNOWN_RUN, RUN_HAS_ENDED, RUN_CANNOT_PAUSE.',
  })
  async pauseRun(@Args('id', { type: () => ID }) id: string, @Context() context: object): Promise<Run> {
    return runOf(await this.control.pause(id, true, actorOf(context)));
  }

  @Access('operator')
  @Mutation(() => Run, {
    description: 'Lets a paused run go on. Errors: UNKNOWN_RUN, RUN_HAS_ENDED, RUN_CANNOT_PAUSE.',
  })
  async resumeRun(@Args('id', { type: () => ID }) id: string, @Context() context: object): Promise<Run> {
    return runOf(await this.control.pause(id, false, actorOf(context)));
  }

  @Access('operator')
  @Mutation(() => Run, {
    description:
      'Starts the run that tries a failed or cancelled one again, with its options; asking twice answers the same run. Errors: UNKNOWN_RUN, RUN_NOT_FAILED.',
  })
  async retryRun(@Args('id', { type: () => ID }) id: string, @Context() context: object): Promise<Run> {
    return runOf(await this.control.retry(id, actorOf(context)));
  }
}
