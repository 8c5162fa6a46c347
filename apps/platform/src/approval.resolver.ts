import { Access, actorOf, edgeError } from '@haat/platform';
import { Args, Context, Field, ID, Mutation, ObjectType, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { ApprovalLoaders } from './approval.loaders.ts';
import { versionId } from './model.types.ts';
import { Run, runOf } from './run.types.ts';
import { TrainingService } from './training.service.ts';

@ObjectType({ description: 'Whether what a run trained may be promoted: asked of people, answered once.' })
export class Approval {
  @Field(() => String, { description: "'waiting', 'approved', 'rejected', 'expired' or 'cancelled'." })
  state!: string;

  @Field(() => ID, { description: 'What would be promoted, `<model>@<version>`.' })
  versionId!: string;

  @Field(() => Date, { description: 'Until when somebody may answer.' })
  deadline!: Date;

  @Field(() => String, { nullable: true, description: 'Who answered.' })
  actor!: string | null;

  @Field(() => String, { nullable: true })
  reason!: string | null;

  @Field(() => Date, { nullable: true })
  decidedAt!: Date | null;
}

@Resolver(() => Run)
export class ApprovalResolver {
  constructor(
    private readonly training: TrainingService,
    private readonly loaders: ApprovalLoaders,
  ) {}

  @ResolveField(() => Approval, { nullable: true, description: 'Null for a run that asked for none.' })
  async approval(@Parent() { id }: Run, @Context() context: object): Promise<Approval | null> {
    const approval = await this.loaders.ofRun(context).load(id);
    return approval && { ...approval, versionId: versionId(approval) };
  }

  @Access('operator')
  @Mutation(() => Run, {
    description:
      'Lets a run that waits for it promote what it trained. The same answer again changes nothing. Errors: UNKNOWN_RUN, NOT_AWAITING_APPROVAL, ALREADY_DECIDED, INVALID_ARGUMENT.',
  })
  approvePromotion(
    @Args('runId', { type: () => ID }) runId: string,
    @Args('reason', { type: () => String }) reason: string,
    @Context() context: object,
  ): Promise<Run> {
    return this.#decide(runId, 'approved', reason, context);
  }

  @Access('operator')
  @Mutation(() => Run, {
    description:
      'Has a run that waits for an approval complete without promoting. The same answer again changes nothing. Errors: UNKNOWN_RUN, NOT_AWAITING_APPROVAL, ALREADY_DECIDED, INVALID_ARGUMENT.',
  })
  rejectPromotion(
    @Args('runId', { type: () => ID }) runId: string,
    @Args('reason', { type: () => String }) reason: string,
    @Context() context: object,
  ): Promise<Run> {
    return this.#decide(runId, 'rejected', reason, context);
  }

  async #decide(runId: string, state: 'approved' | 'rejected', reason: string, context: object): Promise<Run> {
    if (reason.trim() === '' || reason.length > 2_000) {
      throw edgeError('INVALID_ARGUMENT', 'reason: expected 1 to 2000 characters', { field: 'reason' });
    }
    return runOf(await this.training.decide(runId, state, actorOf(context), reason));
  }
}
