import {
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
  valueFromAST,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';

/** How much an operation asks for. Fields of fragments count as often as they are spread. */
export interface QueryMeasure {
  /** Fields, or lists and objects given to them, within one another; a root field alone is 1. */
  readonly depth: number;
  readonly aliases: number;
  readonly rootFields: number;
  /** Objects that may be answered, at the most: see `measureQuery`. */
  readonly cost: number;
}

/** Arguments that say how long a list may be. */
const sizeArguments = ['first', 'last', 'points'];
/** How long a list is taken to be that no argument bounds. */
const ASSUMED_LENGTH = 10;

const nothing = { depth: 0, aliases: 0, fields: 0, cost: 0 };
type Weight = typeof nothing;

/**
 * Measures a valid operation in one walk, linear in its text: a fragment is weighed once, however often it is spread. An
 * object costs 1 and a scalar nothing; what lies below `first`, `last` or `points` counts as often as that says, what lies below
 * any other list `ASSUMED_LENGTH` times; `edges` of a list that was sized is sized already. `@skip` and `@include` count as if
 * they were not there. Variables are read as they came, before they are coerced.
 */
export function measureQuery(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): QueryMeasure {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const one of document.definitions) if (one.kind === Kind.FRAGMENT_DEFINITION) fragments.set(one.name.value, one);
  const defaults = new Map(
    operation.variableDefinitions?.map(({ variable, defaultValue }) => [variable.name.value, defaultValue]),
  );
  const weighed = new Map<string, Weight>();

  function weigh({ selections }: SelectionSetNode, type: GraphQLNamedType | undefined, sized: boolean): Weight {
    return selections.reduce((sum, selection) => {
      switch (selection.kind) {
        case Kind.FIELD:
          return add(sum, weighField(selection, fieldOf(schema, type, selection.name.value), sized));
        case Kind.INLINE_FRAGMENT: {
          const narrowed = selection.typeCondition ? schema.getType(selection.typeCondition.name.value) : type;
          return add(sum, weigh(selection.selectionSet, narrowed, sized));
        }
        case Kind.FRAGMENT_SPREAD:
          return add(sum, weighFragment(selection.name.value, sized));
      }
    }, nothing);
  }

  function weighFragment(name: string, sized: boolean): Weight {
    const key = `${name} ${sized}`;
    const known = weighed.get(key);
    if (known) return known;
    const fragment = fragments.get(name);
    const weight = fragment
      ? weigh(fragment.selectionSet, schema.getType(fragment.typeCondition.name.value), sized)
      : nothing;
    weighed.set(key, weight);
    return weight;
  }

  function weighField(node: FieldNode, field: GraphQLField<unknown, unknown> | undefined, sized: boolean): Weight {
    const alias = node.alias ? 1 : 0;
    const given = Math.max(0, ...(node.arguments ?? []).map(({ value }) => nesting(value)));
    if (!node.selectionSet) return { depth: 1 + given, aliases: alias, fields: 1, cost: 0 };
    const named = field && getNamedType(field.type);
    const length = field && lengthAsked(node, field);
    const list = field !== undefined && isListType(getNullableType(field.type));
    const times = length ?? (list && !sized ? ASSUMED_LENGTH : 1);
    const inner = weigh(node.selectionSet, named, length !== undefined);
    const own = named && isCompositeType(named) ? 1 : 0;
    return {
      depth: 1 + Math.max(given, inner.depth),
      aliases: alias + inner.aliases,
      fields: 1,
      // A connection is one object, whatever is below it counts for each row.
      cost: list ? times * (own + inner.cost) : own + times * inner.cost,
    };
  }

  /** What the field's size argument says; undefined where it has none, or where its value is no length (and will be refused). */
  function lengthAsked(node: FieldNode, field: GraphQLField<unknown, unknown>): number | undefined {
    const argument = field.args.find(({ name }) => sizeArguments.includes(name));
    if (!argument) return undefined;
    const given = node.arguments?.find(({ name }) => name.value === argument.name)?.value;
    let value: unknown = argument.defaultValue;
    if (given?.kind === Kind.VARIABLE) {
      const name = given.name.value;
      const fallback = defaults.get(name);
      value = variables[name] ?? (fallback ? valueFromAST(fallback, argument.type) : value);
    } else if (given) {
      value = given.kind === Kind.INT ? Number(given.value) : value;
    }
    return typeof value === 'number' && value >= 0 ? value : undefined;
  }

  const root = schema.getRootType(operation.operation) ?? undefined;
  const { depth, aliases, fields, cost } = weigh(operation.selectionSet, root, false);
  return { depth, aliases, rootFields: fields, cost };
}

/** How deep lists and objects of a literal lie in one another. */
function nesting(value: ValueNode): number {
  switch (value.kind) {
    case Kind.LIST:
      return 1 + Math.max(0, ...value.values.map(nesting));
    case Kind.OBJECT:
      return 1 + Math.max(0, ...value.fields.map((field) => nesting(field.value)));
    default:
      return 0;
  }
}

function add(one: Weight, other: Weight): Weight {
  return {
    depth: Math.max(one.depth, other.depth),
    aliases: one.aliases + other.aliases,
    fields: one.fields + other.fields,
    cost: one.cost + other.cost,
  };
}

function fieldOf(schema: GraphQLSchema, type: GraphQLNamedType | undefined, name: string) {
  if (type === schema.getQueryType() && name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
  if (type === schema.getQueryType() && name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
  return isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
}
