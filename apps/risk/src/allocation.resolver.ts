import { Access, actorOf, edgeError, wholeNumber } from '@haat/platform';
import { testKinds } from '@haat/risk/contract';
import { AccessLog, InferenceStore } from '@haat/risk/store';
import { Args, Context, Field, Float, Int, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { Inferred, inferredBy } from './inferred.types.ts';
import { Person } from './person.types.ts';

@ObjectType({ description: 'One person to test.' })
export class TestChoice {
  @Field(() => Person)
  person!: Person;

  @Field(() => Float, { description: 'P(positive).' })
  positive!: number;

  @Field(() => Float, {
    description:
      'Infections at first hand that this test is expected to avert, beside those that the tests before it avert.',
  })
  averted!: number;

  @Field(() => Float, { description: 'What its result alone is expected to tell of the person, nat.' })
  information!: number;
}

@ObjectType({ description: 'Whom to test next, as the newest inference chose.' })
@Access('reader', 'risk')
export class TestAllocation extends Inferred {
  @Field(() => Float, { description: 'Infections at first hand that all of these tests are expected to avert.' })
  averted!: number;

  @Field(() => [TestChoice], {
    description: 'The most urgent first; fewer than asked for where nothing more can be averted.',
  })
  tests!: TestChoice[];
}

@Resolver()
export class AllocationResolver {
  constructor(
    private readonly inferences: InferenceStore,
    private readonly accesses: AccessLog,
  ) {}

  @Access('reader', 'risk')
  @Query(() => TestAllocation, {
    nullable: true,
    description:
      'Whom to test next so that the most infections are averted: a positive test keeps a household apart. Who tested positive lately is not chosen. `capacity` is 500 at the most; `kind` is pcr, antigen or antibody. That you were shown it is written down for each person. Errors: NO_INFERENCE.',
  })
  async testAllocation(
    @Args('capacity', { type: () => Int }) capacity: number,
    @Args('kind', { type: () => String, defaultValue: 'pcr' }) kind: string,
    @Context() context: object,
  ): Promise<TestAllocation> {
    wholeNumber('capacity', capacity, 0, 500);
    const number = testKinds.findIndex((name) => name === kind);
    if (number < 0) {
      throw edgeError('INVALID_ARGUMENT', `kind: expected one of ${testKinds.join(', ')}, got "${kind}"`, {
        field: 'kind',
      });
    }
    const { inference, choices } = await this.inferences.chosenTests(number, capacity);
    await this.accesses.record(
      actorOf(context),
      'testAllocation',
      choices.map(({ personId }) => personId),
    );
    return {
      ...inferredBy(inference),
      averted: choices.reduce((sum, { averted }) => sum + averted, 0),
      tests: choices.map(({ personId, ...choice }) => ({ person: { id: personId }, ...choice })),
    };
  }
}
