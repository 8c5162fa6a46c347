import { AuditTrail, type AuditEntry as EntryRecord } from '@haat/data-access';
import {
  Access,
  actorOf,
  connectionOf,
  decodeCursor,
  encodeCursor,
  JsonObjectScalar,
  pageOf,
  wholeNumber,
  type Connection,
  type JsonObject,
} from '@haat/platform';
import { Args, Context, Field, ID, Int, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { z } from 'zod';

@ObjectType({ description: 'One thing that somebody did.' })
@Access('admin')
export class AuditEntry {
  @Field(() => ID)
  id!: string;

  @Field(() => Date)
  at!: Date;

  @Field(() => String, { description: 'Who.' })
  actor!: string;

  @Field(() => String, { description: 'From where.' })
  origin!: string;

  @Field(() => String, { description: '`<thing>.<verb>`, such as `model.promote`.' })
  action!: string;

  @Field(() => String, { description: 'To what, such as `packaging/damage@3` or the id of a run.' })
  subject!: string;

  @Field(() => String)
  domain!: string;

  @Field(() => String, { nullable: true, description: 'Why.' })
  reason!: string | null;

  @Field(() => JsonObjectScalar)
  details!: JsonObject;
}

export const AuditConnection = connectionOf(AuditEntry, 'AuditEntry');

const auditCursor = z.tuple([z.int()]);

@Resolver(() => AuditEntry)
export class AuditResolver {
  constructor(private readonly trail: AuditTrail) {}

  @Access('admin')
  @Query(() => AuditConnection, {
    description: 'Who did what, newest first, of the domains that you may see. `first` is 100 at the most.',
  })
  async audit(
    @Context() context: object,
    @Args('first', { type: () => Int, defaultValue: 20 }) first: number,
    @Args('after', { type: () => String, nullable: true }) after?: string | null,
    @Args('subject', { type: () => String, nullable: true }) subject?: string | null,
    @Args('actor', { type: () => String, nullable: true }) actor?: string | null,
  ): Promise<Connection<AuditEntry>> {
    wholeNumber('first', first, 0, 100);
    const { scopes } = actorOf(context);
    const rows = await this.trail.page(first + 1, {
      subject: subject ?? undefined,
      actor: actor ?? undefined,
      domains: scopes.includes('*') ? undefined : scopes,
      before: after ? decodeCursor(after, auditCursor)[0] : undefined,
    });
    return pageOf(rows.map(entryOf), first, after, ({ id }) => encodeCursor([Number(id)]));
  }
}

function entryOf({ id, ...entry }: EntryRecord): AuditEntry {
  return { ...entry, id: String(id) };
}
