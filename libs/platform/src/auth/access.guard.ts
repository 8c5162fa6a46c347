import { permits, type Actor } from '@haat/kit';
import { defaultFieldResolver, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql';
import { edgeError } from '../platform.errors.ts';
import { policiesOf, type AccessPolicy, type GuardedField } from './access.policy.ts';
import { actorOf } from './actor.ts';

type Resolver = GraphQLFieldResolver<unknown, object>;

/**
 * Puts a guard before each field that `policiesOf` finds, and before the references of `_entities`: what it refuses is
 * FORBIDDEN and is not resolved. The schema is changed in place and returned.
 * @throws Error that names what has no policy, so that such an app does not start
 */
export function guardSchema(schema: GraphQLSchema): GraphQLSchema {
  const { fields, types } = policiesOf(schema);
  for (const guarded of fields) guardField(guarded);
  const entities = schema.getQueryType()?.getFields()['_entities'];
  if (entities?.resolve) entities.resolve = guardedEntities(entities.resolve, types);
  return schema;
}

function guardField({ field, name, policy, root }: GuardedField): void {
  const before =
    (resolve: Resolver): Resolver =>
    (parent, args, context, info) => {
      demand(actorOf(context), name, policy, root ? args : parent);
      return resolve(parent, args, context, info);
    };
  field.resolve = before(field.resolve ?? defaultFieldResolver);
  if (field.subscribe) field.subscribe = before(field.subscribe);
}

/** References that the actor may not follow are answered by an error in their place; the others as before. */
function guardedEntities(resolve: Resolver, types: ReadonlyMap<string, AccessPolicy>): Resolver {
  return async (parent, args, context, info) => {
    const actor = actorOf(context);
    const references = args['representations'] as readonly { readonly __typename: string }[];
    const refusals = references.map((reference) => refusalOf(actor, reference, types.get(reference.__typename)));
    const allowed = references.filter((_, at) => refusals[at] === null);
    const found = (await resolve(parent, { ...args, representations: allowed }, context, info)) as unknown[];
    let next = 0;
    return refusals.map((refusal) => refusal ?? found[next++]);
  };
}

function refusalOf(actor: Actor, reference: { readonly __typename: string }, policy?: AccessPolicy): Error | null {
  return policy === undefined ? null : refusal(actor, reference.__typename, policy, reference);
}

/** @throws FORBIDDEN */
function demand(actor: Actor, name: string, policy: AccessPolicy, place: unknown): void {
  const refused = refusal(actor, name, policy, place);
  if (refused !== null) throw refused;
}

function refusal(actor: Actor, name: string, policy: AccessPolicy, place: unknown): Error | null {
  const { role } = policy;
  const scope = scopeAt(policy, place);
  if (permits(actor, role, scope)) return null;
  const asked = scope === undefined ? `the role ${role}` : `the role ${role} and the scope "${scope}"`;
  const held = actor.scopes.length === 0 ? 'no scope' : `the scopes ${actor.scopes.join(', ')}`;
  return edgeError('FORBIDDEN', `${name} asks for ${asked}; you have the role ${actor.role} and ${held}`, {
    field: name,
    role,
    ...(scope !== undefined && { scope }),
  });
}

/** The domain that a policy asks for: what stands before the slash of a model's name. Where no name stands, all domains. */
function scopeAt({ scope, scopeOf }: AccessPolicy, place: unknown): string | undefined {
  if (scopeOf === undefined) return scope;
  const name = scopeOf.reduce<unknown>(
    (value, step) => (value as Record<string, unknown> | null | undefined)?.[step],
    place,
  );
  const slash = typeof name === 'string' ? name.indexOf('/') : -1;
  return slash > 0 ? (name as string).slice(0, slash) : '*';
}
