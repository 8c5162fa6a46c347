import { Access, connectionOf, decodeCursor, encodeCursor, pageOf, wholeNumber, type Connection } from '@haat/platform';
import { AccessLog, type RiskAccess as AccessRecord } from '@haat/risk/store';
import { Args, Field, ID, Int, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { z } from 'zod';

@ObjectType({ description: 'Somebody was shown what was inferred of a person.' })
@Access('admin', 'risk')
export class RiskAccess {
  @Field(() => ID)
  id!: string;

  @Field(() => Date)
  at!: Date;

  @Field(() => String, { description: 'Who.' })
  actor!: string;

  @Field(() => String, { description: 'From where.' })
  origin!: string;

  @Field(() => String, { description: 'What was shown: `riskTimeline`, `explanation` or `testAllocation`.' })
  fields!: string;
}

export const RiskAccessConnection = connectionOf(RiskAccess, 'RiskAccess');

const accessCursor = z.tuple([z.int()]);

@Resolver(() => RiskAccess)
export class AccessResolver {
  constructor(private readonly log: AccessLog) {}

  @Access('admin', 'risk')
  @Query(() => RiskAccessConnection, {
    description: 'Who was shown what of a person, newest first. `first` is 100 at the most.',
  })
  async riskAccesses(
    @Args('person', { type: () => ID }) person: string,
    @Args('first', { type: () => Int, defaultValue: 20 }) first: number,
    @Args('after', { type: () => String, nullable: true }) after?: string | null,
  ): Promise<Connection<RiskAccess>> {
    wholeNumber('first', first, 0, 100);
    const before = after ? decodeCursor(after, accessCursor)[0] : undefined;
    const rows = await this.log.page(person, first + 1, before);
    return pageOf(rows.map(accessOf), first, after, ({ id }) => encodeCursor([Number(id)]));
  }
}

function accessOf({ id, at, actor, origin, fields }: AccessRecord): RiskAccess {
  return { id: String(id), at, actor, origin, fields };
}
