import { roles, type Role } from '@haat/kit';
import {
  getDirectiveValues,
  getNamedType,
  isInputObjectType,
  isObjectType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';
import { accessDirective } from './access.ts';

/** What a field asks for: a role; a domain where `scope` is given, or the domain of the model that stands at the path `scopeOf`. */
export interface AccessPolicy {
  readonly role: Role;
  readonly scope?: string;
  readonly scopeOf?: readonly string[];
}

/** A field with what it asks for. */
export interface GuardedField {
  readonly field: GraphQLField<unknown, object>;
  /** `Query.models`, as messages name it. */
  readonly name: string;
  readonly policy: AccessPolicy;
  readonly root: boolean;
}

/** What a schema guards. */
export interface SchemaPolicies {
  readonly fields: readonly GuardedField[];
  /** Policy by the name of a type, for `_entities`. */
  readonly types: ReadonlyMap<string, AccessPolicy>;
}

/** The fields that federation itself adds to `Query`; `_entities` answers by the policies of the types. */
const federationFields = new Set(['_entities', '_service']);

/**
 * Reads who may read what from `@access` of a built schema: for each root field, and for each field of a type that has
 * `@access` or is an entity. A field's own policy goes before that of its type.
 * @throws Error that names every root field and entity field without a policy, and every policy that cannot be kept
 */
export function policiesOf(schema: GraphQLSchema): SchemaPolicies {
  const problems: string[] = [];
  const fields: GuardedField[] = [];
  const types = new Map<string, AccessPolicy>();
  const roots = new Set([schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]);
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('_')) continue;
    const root = roots.has(type);
    const ofType = root ? undefined : policyOf(type, type.name, problems);
    if (ofType) types.set(type.name, ofType);
    const guarded = root || ofType !== undefined || isEntity(type);
    for (const field of Object.values(type.getFields())) {
      if (root && federationFields.has(field.name)) continue;
      const name = `${type.name}.${field.name}`;
      const policy = policyOf(field, name, problems) ?? ofType;
      if (policy !== undefined) {
        if (root) checkPlace(field, name, policy, problems);
        fields.push({ field, name, policy, root });
      } else if (guarded) problems.push(`${name} does not say who may read it: declare it with @Access(role, scope)`);
    }
  }
  if (problems.length > 0) throw new Error(`The schema does not say who may read what:\n  ${problems.join('\n  ')}`);
  return { fields, types };
}

function policyOf(
  place: GraphQLObjectType | GraphQLField<unknown, object>,
  name: string,
  problems: string[],
): AccessPolicy | undefined {
  const values = place.astNode ? getDirectiveValues(accessDirective, place.astNode) : undefined;
  if (values === undefined) return undefined;
  const { role, scope, scopeOf } = values as { role: string; scope?: string | null; scopeOf?: string | null };
  const known = roles.find((one) => one === role);
  if (known === undefined) problems.push(`${name}: expected a role of ${roles.join(', ')}, got "${role}"`);
  if (scope && scopeOf) problems.push(`${name}: expected either scope or scopeOf, got both`);
  return {
    role: known ?? 'admin',
    ...(scope && { scope }),
    ...(scopeOf && { scopeOf: scopeOf.split('.') }),
  };
}

function isEntity(type: GraphQLObjectType): boolean {
  const nodes = [...(type.astNode ? [type.astNode] : []), ...type.extensionASTNodes];
  return nodes.some(({ directives }) => directives?.some(({ name }) => name.value === 'key'));
}

/** A root field finds its scope among its arguments: a path that leads nowhere would refuse everybody. */
function checkPlace(
  field: GraphQLField<unknown, object>,
  name: string,
  { scopeOf }: AccessPolicy,
  problems: string[],
): void {
  if (scopeOf === undefined) return;
  let type: GraphQLInputType | undefined = field.args.find((arg) => arg.name === scopeOf[0])?.type;
  for (const step of scopeOf.slice(1)) {
    const named: unknown = type && getNamedType(type);
    type = isInputObjectType(named) ? named.getFields()[step]?.type : undefined;
  }
  if (type === undefined)
    problems.push(`${name}: its scope stands in "${scopeOf.join('.')}", and it has no such argument`);
}
