import { permits, roles, type Actor, type Role } from '@haat/kit';
import {
  buildASTSchema,
  getNamedType,
  GraphQLNonNull,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  OperationTypeNode,
  parse,
  valueFromASTUntyped,
  type ConstDirectiveNode,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';

/** One field that says who may read it, with a question that asks for it alone. */
export interface AccessCase {
  /** `Query.models`, `Mutation.promoteModel`, `Subscription.runProgress`, `ModelVersion.digest`. */
  readonly name: string;
  readonly kind: `${OperationTypeNode}` | 'entity';
  readonly role: Role;
  /** The domain that it asks for, with the arguments or the reference of `query`; null for none. */
  readonly scope: string | null;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

export interface MatrixFixtures {
  /** Domain whose things are asked for. */
  readonly domain: string;
  /** Key fields by entity type: `{ ModelVersion: { id: 'packaging/sample@1' } }`. */
  readonly entities: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

interface Policy {
  readonly role: Role;
  readonly scope?: string;
  readonly scopeOf?: string;
}

/** Who asks, for a whole matrix: each role with no scope, its own, another one, several, and all. */
export function actorsOf(domain: string): readonly Actor[] {
  const scopes = [[], [domain], ['elsewhere'], ['elsewhere', domain], ['*']];
  return roles.flatMap((role) =>
    scopes.map((held) => ({ subject: 'user:matrix', role, scopes: held, origin: 'test' })),
  );
}

/** Whether `actor` may read what a case asks for. */
export function allows({ role, scope }: AccessCase, actor: Actor): boolean {
  return permits(actor, role, scope ?? undefined);
}

/**
 * Every root field of a printed SDL, and every field of its entities by `_entities`. Arguments are made from their types, so
 * that a new field is in the matrix without a word here; they name things of the domain that do not exist.
 * @throws Error that names a field without `@access` and an entity without fixture
 */
export function accessCases(sdl: string, fixtures: MatrixFixtures): readonly AccessCase[] {
  const schema = buildASTSchema(parse(sdl), { assumeValidSDL: true });
  return [...rootCases(schema, fixtures.domain), ...entityCases(schema, fixtures)];
}

function rootCases(schema: GraphQLSchema, domain: string): AccessCase[] {
  return Object.values(OperationTypeNode).flatMap((kind) => {
    const type = schema.getRootType(kind);
    return Object.values(type?.getFields() ?? {})
      .filter(({ name }) => !name.startsWith('_'))
      .map((field) => {
        const name = `${type!.name}.${field.name}`;
        const policy = declared(name, policyOf(field));
        const { definitions, passed, variables } = required(field, domain);
        return {
          name,
          kind,
          role: policy.role,
          scope: policy.scopeOf === undefined ? (policy.scope ?? null) : domain,
          query: `${kind} ${definitions} { ${field.name}${passed} ${selection(field)} }`,
          variables,
        };
      });
  });
}

function entityCases(schema: GraphQLSchema, { domain, entities }: MatrixFixtures): AccessCase[] {
  const types = Object.values(schema.getTypeMap()).filter(
    (type): type is GraphQLObjectType => isObjectType(type) && directive(type, 'key') !== undefined,
  );
  return types.flatMap((type) => {
    const reference = entities[type.name];
    if (reference === undefined) throw new Error(`The entity ${type.name} has no fixture`);
    return Object.values(type.getFields()).map((field) => {
      const name = `${type.name}.${field.name}`;
      const policy = declared(name, policyOf(field) ?? policyOf(type));
      const { definitions, passed, variables } = required(field, domain);
      const inner = definitions === '' ? '' : `, ${definitions.slice(1, -1)}`;
      return {
        name,
        kind: 'entity' as const,
        role: policy.role,
        scope: policy.scopeOf === undefined ? (policy.scope ?? null) : domain,
        query: `query ($references: [_Any!]!${inner}) { _entities(representations: $references) { ... on ${type.name} { ${field.name}${passed} ${selection(field)} } } }`,
        variables: { ...variables, references: [{ __typename: type.name, ...reference }] },
      };
    });
  });
}

/** The arguments without which the field cannot be asked for, and those in which its scope may stand. */
function required(field: GraphQLField<unknown, unknown>, domain: string) {
  const [place, ...path] = policyOf(field)?.scopeOf?.split('.') ?? [];
  const args = field.args.filter(
    ({ name, type, defaultValue }) => name === place || (isNonNullType(type) && defaultValue === undefined),
  );
  return {
    definitions: args.length === 0 ? '' : `(${args.map((arg) => `$${arg.name}: ${arg.type}`).join(', ')})`,
    passed: args.length === 0 ? '' : `(${args.map(({ name }) => `${name}: $${name}`).join(', ')})`,
    variables: Object.fromEntries(
      args.map((arg) => [arg.name, sample(arg.type, domain, arg.name === place ? path : [])]),
    ),
  };
}

/** A value of a type: the least that it takes, and what leads to `path`; text names a model of the domain that does not exist. */
function sample(type: GraphQLInputType, domain: string, [place, ...path]: readonly string[] = []): unknown {
  if (isNonNullType(type))
    return sample(type.ofType as GraphQLInputType, domain, place === undefined ? [] : [place, ...path]);
  if (isListType(type)) return [];
  if (isEnumType(type)) return type.getValues()[0]!.name;
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields()).filter(
      ({ name, type: of, defaultValue }) => name === place || (isNonNullType(of) && defaultValue === undefined),
    );
    return Object.fromEntries(
      fields.map((field) => [field.name, sample(field.type, domain, field.name === place ? path : [])]),
    );
  }
  return (
    { Int: 1, Float: 1, Boolean: false, DateTime: '2026-01-01T00:00:00Z', JSONObject: {} }[type.name] ??
    `${domain}/none@9`
  );
}

/** The first field that a type has to offer, down to a leaf; `__typename` where each would need arguments. */
function selection(field: GraphQLField<unknown, unknown>): string {
  const type = getNamedType(field.type);
  if (!isObjectType(type)) return '';
  const next = Object.values(type.getFields()).find(
    (one) => !isObjectType(getNamedType(one.type)) && one.args.every((arg) => !(arg.type instanceof GraphQLNonNull)),
  );
  return `{ ${next?.name ?? '__typename'} }`;
}

function declared(name: string, policy: Policy | undefined): Policy {
  if (policy === undefined) throw new Error(`${name} has no @access in the printed SDL`);
  return policy;
}

function policyOf(place: GraphQLObjectType | GraphQLField<unknown, unknown>): Policy | undefined {
  const found = directive(place, 'access');
  if (found === undefined) return undefined;
  const values = (found.arguments ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value)] as const);
  return Object.fromEntries(values) as unknown as Policy;
}

function directive(
  { astNode }: GraphQLObjectType | GraphQLField<unknown, unknown>,
  wanted: string,
): ConstDirectiveNode | undefined {
  return astNode?.directives?.find(({ name }) => name.value === wanted);
}
