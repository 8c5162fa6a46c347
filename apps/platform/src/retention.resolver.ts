import { Retention } from '@haat/data-access';
import { Access, actorOf } from '@haat/platform';
import { Args, Context, Field, Float, ID, Int, Mutation, ObjectType, Resolver } from '@nestjs/graphql';

@ObjectType({ description: 'A day of predictions or the before-images of a backfill, and why they go or stay.' })
export class JudgedRecords {
  @Field(() => ID, { description: '`predictions/2026-03-01`, or `before-images/` and the id of the run.' })
  id!: string;

  @Field(() => Float, { nullable: true, description: 'On disk; null for before-images, which share one table.' })
  bytes!: number | null;

  @Field(() => Float, { nullable: true, description: 'Null for predictions, which are not counted.' })
  rows!: number | null;

  @Field(() => String)
  why!: string;
}

@ObjectType({ description: 'What a collection of old records did, or with a dry run would do.' })
@Access('admin')
export class RetentionReport {
  @Field(() => Boolean)
  dryRun!: boolean;

  @Field(() => Int, { description: 'Days for which predictions are kept.' })
  predictionDays!: number;

  @Field(() => Int, { description: 'Days for which a backfill can be undone, from its end on.' })
  undoDays!: number;

  @Field(() => [JudgedRecords], { description: 'What went, or would go.' })
  collected!: JudgedRecords[];

  @Field(() => [JudgedRecords], { description: 'Everything else, and why it stays.' })
  kept!: JudgedRecords[];
}

@Resolver()
export class RetentionResolver {
  constructor(private readonly retention: Retention) {}

  @Access('admin')
  @Mutation(() => RetentionReport, {
    description:
      'Collects days of predictions and before-images of backfills whose time, as configured, is over. What an undo or a check in flight needs stays, and predictions that kept before-images name.',
  })
  async collectRecords(
    @Context() context: object,
    @Args('dryRun', { type: () => Boolean, defaultValue: true }) dryRun: boolean,
  ): Promise<RetentionReport> {
    const now = new Date();
    const { collected, kept } = dryRun
      ? await this.retention.judge(now)
      : await this.retention.collect(now, { actor: actorOf(context) });
    return { dryRun, ...this.retention.policy, collected: [...collected], kept: [...kept] };
  }
}
