import type { ApiKey as KeyRecord } from '@haat/data-access';
import { roles, type Role as RoleName } from '@haat/kit';
import { Access, connectionOf } from '@haat/platform';
import { Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';

export const Role = Object.fromEntries(roles.map((role) => [role, role])) as { readonly [R in RoleName]: R };
export type Role = RoleName;
registerEnumType(Role, { name: 'Role', description: 'What somebody may do; each may all that the one before it may.' });

@ObjectType({ description: 'A key by which a program asks the gateway. Its secret cannot be read again.' })
@Access('admin')
export class ApiKey {
  @Field(() => ID, { description: 'The part of the key that is no secret.' })
  id!: string;

  @Field(() => String)
  name!: string;

  @Field(() => Role)
  role!: Role;

  @Field(() => [String], { description: "Domains whose data it may reach; '*' stands for all." })
  scopes!: string[];

  @Field(() => String, { description: 'Who made it.' })
  createdBy!: string;

  @Field(() => Date)
  createdAt!: Date;

  @Field(() => Date)
  expiresAt!: Date;

  @Field(() => Date, { nullable: true })
  revokedAt!: Date | null;

  @Field(() => Date, { nullable: true, description: 'To the minute.' })
  lastUsedAt!: Date | null;
}

export const ApiKeyConnection = connectionOf(ApiKey, 'ApiKey');

@ObjectType({ description: 'A key that was made just now.' })
@Access('admin')
export class CreatedApiKey {
  @Field(() => ApiKey)
  key!: ApiKey;

  @Field(() => String, { description: 'What the program sends. It is shown here only, and kept nowhere.' })
  secret!: string;
}

@InputType()
export class CreateApiKeyInput {
  @Field(() => String, { description: 'What it is for: lower case, digits and hyphens, 63 at the most.' })
  name!: string;

  @Field(() => Role, { description: 'Not more than your own.' })
  role!: Role;

  @Field(() => [String], { description: "Domains, or '*' for all; not more than your own." })
  scopes!: string[];

  @Field(() => Int, { defaultValue: 90, description: 'Days after which it expires, 1 to 366.' })
  days!: number;
}

export function apiKeyOf(record: KeyRecord): ApiKey {
  return { ...record, scopes: [...record.scopes] };
}
