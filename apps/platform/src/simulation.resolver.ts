import { Access, actorOf, JsonObjectScalar, wholeNumber, type JsonObject } from '@haat/platform';
import { Args, Context, Field, ID, InputType, Int, Mutation, Resolver } from '@nestjs/graphql';
import { Run, runOf } from './run.types.ts';
import { SimulationService } from './simulation.service.ts';

@InputType()
export class SimulatePolicyInput {
  @Field(() => ID, { description: '`<domain>/<model>`: its promoted version has the parameters of the worlds.' })
  model!: string;

  @Field(() => JsonObjectScalar, {
    nullable: true,
    description: "The model's own options of simulation, with the policies; `Model.simulation` is their schema.",
  })
  options?: JsonObject | null;

  @Field(() => Int, { nullable: true, description: 'Seed of the first world.' })
  seed?: number | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Worlds, each of which any worker may take; every policy meets each. 500 at the most; of how many together with the policies, the model says.',
  })
  seeds?: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'The same request under the same version runs once; another key says that a repeat is wanted.',
  })
  idempotencyKey?: string | null;
}

@Resolver()
export class SimulationResolver {
  constructor(private readonly simulations: SimulationService) {}

  @Access('operator', { of: 'input.model' })
  @Mutation(() => Run, {
    description:
      'Lets policies meet the same simulated worlds under the parameters of the promoted version, through Temporal; the domain tells what came of it. Errors: UNKNOWN_MODEL, INVALID_ARGUMENT; of the run NO_PARAMETERS, INVALID_OPTIONS, INVALID_EXPERIMENT.',
  })
  async simulatePolicy(@Args('input') input: SimulatePolicyInput, @Context() context: object): Promise<Run> {
    const { model, options, seed, seeds, idempotencyKey } = input;
    if (seed != null) wholeNumber('input.seed', seed, 0, 2 ** 31 - 1);
    if (seeds != null) wholeNumber('input.seeds', seeds, 1, 500);
    const wish = {
      model,
      options: options ?? undefined,
      seed: seed ?? undefined,
      seeds: seeds ?? undefined,
      idempotencyKey: idempotencyKey ?? undefined,
    };
    return runOf(await this.simulations.simulate(wish, actorOf(context)));
  }
}
