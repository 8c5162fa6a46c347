import { ContentGarbage } from '@haat/data-access';
import { isDomainError } from '@haat/kit';
import { Access, actorOf, edgeError, LOGGER, wholeNumber, type Logger } from '@haat/platform';
import { Inject } from '@nestjs/common';
import { Args, Context, Field, Float, ID, Int, Mutation, ObjectType, Resolver } from '@nestjs/graphql';

const DAY_MS = 86_400_000;

@ObjectType({ description: 'One file of the store, and why it goes or stays.' })
export class JudgedContent {
  @Field(() => ID, { description: 'SHA-256 of its bytes, hex.' })
  digest!: string;

  @Field(() => Float)
  bytes!: number;

  @Field(() => String)
  why!: string;
}

@ObjectType({ description: 'What a collection of garbage did, or with a dry run would do.' })
@Access('admin')
export class GarbageReport {
  @Field(() => Boolean)
  dryRun!: boolean;

  @Field(() => [JudgedContent], { description: 'What went, or would go.' })
  collected!: JudgedContent[];

  @Field(() => [JudgedContent], { description: 'Everything else, and why it stays.' })
  kept!: JudgedContent[];
}

@Resolver()
export class GarbageResolver {
  constructor(
    private readonly garbage: ContentGarbage,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @Access('admin')
  @Mutation(() => GarbageReport, {
    description:
      'Collects artifacts and snapshots that nobody needs any more: of versions archived for `olderThanDays` (1 to 3650), and orphans that are older. What an alias, a version that is not archived, a kept prediction or a run in flight needs stays. Errors: INVALID_ARGUMENT, SERVICE_UNAVAILABLE.',
  })
  async collectGarbage(
    @Context() context: object,
    @Args('dryRun', { type: () => Boolean, defaultValue: true }) dryRun: boolean,
    @Args('olderThanDays', { type: () => Int, defaultValue: 30 }) olderThanDays: number,
  ): Promise<GarbageReport> {
    const days = wholeNumber('olderThanDays', olderThanDays, 1, 3_650);
    const cutoff = new Date(Date.now() - days * DAY_MS);
    const deed = { actor: actorOf(context), details: { olderThanDays: days } };
    const { collected, kept } = await this.#reaching(() =>
      dryRun ? this.garbage.judge(cutoff) : this.garbage.collect(cutoff, deed),
    );
    return { dryRun, collected: [...collected], kept: [...kept] };
  }

  /** A store that cannot be used is told without its place. */
  async #reaching<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (reason) {
      if (!isDomainError(reason) || reason.code !== 'CONTENT_STORE_UNUSABLE') throw reason;
      this.logger.warn({ err: reason }, 'the store cannot be used');
      throw edgeError('SERVICE_UNAVAILABLE', 'The store of artifacts cannot be read or written at the moment');
    }
  }
}
