import { Access, decodeCursor, encodeCursor, pageOf, wholeNumber, type Connection } from '@haat/platform';
import { InferenceStore } from '@haat/risk/store';
import { Args, Context, ID, Int, Parent, Query, ResolveField, ResolveReference, Resolver } from '@nestjs/graphql';
import { z } from 'zod';
import {
  InfectionSource,
  Person,
  PersonConnection,
  RiskDay,
  RiskExplanation,
  RiskTimeline,
  sourceOf,
  timelineOf,
} from './person.types.ts';
import { RiskLoaders } from './risk.loaders.ts';

/** A probability as a real, which rounding may carry above one; then who has it. */
const riskCursor = z.tuple([z.number().gte(0).lte(2), z.string().min(1).max(64)]);

@Resolver(() => Person)
export class PersonResolver {
  constructor(
    private readonly loaders: RiskLoaders,
    private readonly inferences: InferenceStore,
  ) {}

  @ResolveReference()
  reference({ id }: { id: string }, context: object): Promise<Person> {
    return this.loaders.person(context).load(id);
  }

  @Access('reader', 'risk')
  @Query(() => Person, { nullable: true, description: 'One person. Errors: UNKNOWN_PERSON.' })
  person(@Args('id', { type: () => ID }) id: string, @Context() context: object): Promise<Person> {
    return this.loaders.person(context).load(id);
  }

  @Access('reader', 'risk')
  @Query(() => PersonConnection, {
    nullable: true,
    description: 'By descending risk on the last day. `first` is 500 at the most. Errors: NO_INFERENCE.',
  })
  async highestRisk(
    @Args('first', { type: () => Int, defaultValue: 20 }) first: number,
    @Args('after', { type: () => String, nullable: true }) after?: string | null,
  ): Promise<Connection<Person>> {
    wholeNumber('first', first, 0, 500);
    const [risk, personId] = after ? decodeCursor(after, riskCursor) : [];
    const last = risk === undefined || personId === undefined ? null : { risk, personId };
    const found = await this.inferences.highest(first + 1, last);
    const riskOf = new Map(found.map((one) => [one.personId, one.risk]));
    const persons = found.map(({ personId: id }): Person => ({ id }));
    return pageOf(persons, first, after, ({ id }) => encodeCursor([riskOf.get(id)!, id]));
  }

  @ResolveField(() => RiskTimeline, {
    nullable: true,
    description: 'Null for somebody who came after the newest inference. Errors: NO_INFERENCE.',
  })
  async riskTimeline(@Parent() { id }: Person, @Context() context: object): Promise<RiskTimeline | null> {
    const found = await this.loaders.risk(context).load(id);
    return found && timelineOf(found);
  }

  @ResolveField(() => RiskExplanation, {
    nullable: true,
    description: 'Null for somebody whose sources of infection were not followed.',
  })
  async explanation(@Parent() { id }: Person, @Context() context: object): Promise<RiskExplanation | null> {
    const found = await this.loaders.sources(context).load(id);
    return found && { kept: found };
  }
}

@Resolver(() => RiskTimeline)
export class RiskTimelineResolver {
  @ResolveField(() => [RiskDay], { description: 'The last days of the window, the oldest first; 254 at the most.' })
  days(
    @Parent() { all }: RiskTimeline,
    @Args('last', { type: () => Int, defaultValue: 28 }) last: number,
  ): readonly RiskDay[] {
    return all.slice(Math.max(0, all.length - wholeNumber('last', last, 0, 254)));
  }
}

@Resolver(() => RiskExplanation)
export class RiskExplanationResolver {
  @ResolveField(() => [InfectionSource], { description: 'The most probable first; `first` is 1,000 at the most.' })
  sources(
    @Parent() { kept }: RiskExplanation,
    @Args('first', { type: () => Int, defaultValue: 10 }) first: number,
  ): InfectionSource[] {
    return kept.slice(0, wholeNumber('first', first, 0, 1_000)).map(sourceOf);
  }
}
