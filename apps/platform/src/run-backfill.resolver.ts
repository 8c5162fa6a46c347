import { BackfillLog } from '@haat/data-access';
import { Access, actorOf, loaderPerRequest, positive, wholeNumber } from '@haat/platform';
import { Args, Context, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { ChunkWish } from '@haat/workflows/client';
import { BackfillService } from './backfill.service.ts';
import {
  ChangeReportType,
  changeReportOf,
  type PaceFields,
  RunBackfill,
  runBackfillOf,
  StartBackfillInput,
  UndoBackfillArgs,
} from './run-backfill.types.ts';
import { Run, runOf } from './run.types.ts';

@Resolver(() => Run)
export class RunBackfillResolver {
  readonly #backfills = loaderPerRequest((ids: readonly string[]) => this.log.readAll(ids));

  constructor(
    private readonly log: BackfillLog,
    private readonly service: BackfillService,
  ) {}

  @ResolveField(() => RunBackfill, { nullable: true, description: 'Null for a training, and until it knows its rows.' })
  async backfill(@Parent() { id, options }: Run, @Context() context: object): Promise<RunBackfill | null> {
    const record = await this.#backfills(context).load(id);
    return record && runBackfillOf(record, options);
  }

  @Access('operator', { of: 'input.model' })
  @Mutation(() => Run, {
    description:
      'Computes the rows of a model anew, by its champion. The same wish answers the run that it started before, until data or champion change or a backfill is undone. Errors: UNKNOWN_MODEL, INVALID_ARGUMENT.',
  })
  async startBackfill(@Args('input') input: StartBackfillInput, @Context() context: object): Promise<Run> {
    const { canary, seed, asOf } = input;
    if (canary != null) positive('input.canary', canary, 1);
    if (seed != null) wholeNumber('input.seed', seed, 0, 2 ** 31 - 1);
    const wish = {
      model: input.model,
      selection: input.selection ?? undefined,
      asOf: asOf?.toISOString(),
      dryRun: input.dryRun ?? undefined,
      canary: canary ?? undefined,
      seed: seed ?? undefined,
      ...paceOf(input, 'input.'),
      idempotencyKey: input.idempotencyKey ?? undefined,
    };
    return runOf(await this.service.start(wish, actorOf(context), new Date()));
  }

  @Access('operator')
  @Mutation(() => Run, {
    description:
      'Gives each row of a backfill back what it was before, to the byte; rows that were changed since are kept and reported, unless forced. Asking twice runs once. Errors: UNKNOWN_RUN, RUN_NOT_ENDED, NOT_UNDOABLE, INVALID_ARGUMENT.',
  })
  async undoBackfill(
    @Args() { run, force, reason, idempotencyKey, ...pace }: UndoBackfillArgs,
    @Context() context: object,
  ): Promise<Run> {
    const wish = { of: run, force, ...paceOf(pace, ''), idempotencyKey: idempotencyKey ?? undefined };
    return runOf(await this.service.undo(wish, reason ?? undefined, actorOf(context)));
  }
}

/** What is said of a pace, where its fields stand under `at`. Errors: INVALID_ARGUMENT. */
function paceOf({ chunkSize, concurrency, rowsPerSecond }: PaceFields, at: string): ChunkWish {
  if (chunkSize != null) wholeNumber(`${at}chunkSize`, chunkSize, 1, 20_000);
  if (concurrency != null) wholeNumber(`${at}concurrency`, concurrency, 1, 64);
  if (rowsPerSecond != null) positive(`${at}rowsPerSecond`, rowsPerSecond, 1e6);
  return {
    chunkSize: chunkSize ?? undefined,
    concurrency: concurrency ?? undefined,
    rowsPerSecond: rowsPerSecond ?? undefined,
  };
}

@Resolver(() => RunBackfill)
export class BackfillReportResolver {
  constructor(private readonly log: BackfillLog) {}

  @ResolveField(() => ChangeReportType, { description: 'Of all chunks so far.' })
  async report(@Parent() { runId }: RunBackfill): Promise<ChangeReportType> {
    return changeReportOf(await this.log.report(runId));
  }
}
