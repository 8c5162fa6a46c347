import { Access, actorOf, JsonObjectScalar, wholeNumber, type JsonObject } from '@haat/platform';
import { Args, Context, Field, ID, InputType, Int, Mutation, Resolver } from '@nestjs/graphql';
import { InferenceService } from './inference.service.ts';
import { Run, runOf } from './run.types.ts';

@InputType()
export class InferModelInput {
  @Field(() => ID, { description: '`<domain>/<model>`.' })
  model!: string;

  @Field(() => JsonObjectScalar, {
    nullable: true,
    description: "The model's own options of inference; `Model.inference` is their schema.",
  })
  options?: JsonObject | null;

  @Field(() => Int, { nullable: true })
  seed?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Independent chains, each of which any worker may take; 64 at the most.',
  })
  chains?: number | null;

  @Field(() => Date, { nullable: true, description: 'Nothing later (event time) is looked at; now where absent.' })
  asOf?: Date | null;

  @Field(() => String, {
    nullable: true,
    description: 'The same request over the same data runs once; another key says that a repeat is wanted.',
  })
  idempotencyKey?: string | null;
}

@Resolver()
export class InferenceResolver {
  constructor(private readonly inference: InferenceService) {}

  @Access('operator', { of: 'input.model' })
  @Mutation(() => Run, {
    description:
      'Infers by the promoted version of a sampler, through Temporal: the same seed gives the same answer, however many workers there are. Errors: UNKNOWN_MODEL, INVALID_ARGUMENT; of the run NO_PARAMETERS.',
  })
  async inferModel(@Args('input') input: InferModelInput, @Context() context: object): Promise<Run> {
    const { model, options, seed, chains, asOf, idempotencyKey } = input;
    if (seed != null) wholeNumber('input.seed', seed, 0, 2 ** 31 - 1);
    if (chains != null) wholeNumber('input.chains', chains, 1, 64);
    const wish = {
      model,
      options: options ?? undefined,
      seed: seed ?? undefined,
      chains: chains ?? undefined,
      asOf: asOf ?? undefined,
      idempotencyKey: idempotencyKey ?? undefined,
    };
    return runOf(await this.inference.infer(wish, actorOf(context), new Date()));
  }

  @Access('operator')
  @Mutation(() => Run, {
    description:
      'Computes what a run of inference kept again, from what was known then, by its version and seed, and compares: the run completes where every value comes out the same, and fails with REPLAY_DIFFERS where one does not. One of another scope is not known. Errors: UNKNOWN_RUN, INVALID_ARGUMENT; of the run NO_INFERENCE, REPLAY_DIFFERS.',
  })
  async replayInference(
    @Args('runId', { type: () => ID }) runId: string,
    @Context() context: object,
    @Args('idempotencyKey', { type: () => String, nullable: true }) idempotencyKey?: string | null,
  ): Promise<Run> {
    return runOf(await this.inference.replay(runId, idempotencyKey ?? undefined, actorOf(context)));
  }
}
